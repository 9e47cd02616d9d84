import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { MinaSidorSettings } from './mina-sidor-settings';

const Int = () => Transform(({ value }) => (value === undefined ? value : Number(value)));

/** What stands between a draft and everybody's inbox. A part of Env. */
export class LaunchSettings extends MinaSidorSettings {
  /** Campaigns to more people than this need a second person's approval. */
  @Int()
  @IsInt()
  @Min(0)
  APPROVAL_ABOVE: number = 100;
  /** To send to more people than this one has to say how many they are. */
  @Int()
  @IsInt()
  @Min(0)
  CONFIRM_ABOVE: number = 1000;
  /** Seconds after a launch in which it can be taken back; nothing leaves before they have passed. 0 = none. */
  @Int()
  @IsInt()
  @Min(0)
  @Max(3600)
  LAUNCH_REGRET_SECONDS: number = 60;
}
