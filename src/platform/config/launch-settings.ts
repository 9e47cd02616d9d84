import { Transform } from 'class-transformer';
import { IsInt, Matches, Max, Min } from 'class-validator';
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
  /** Messages that one person gets at most in MARKETING_CAP_DAYS, of all campaigns on all channels together; 0 = no limit. */
  @Int()
  @IsInt()
  @Min(0)
  @Max(1000)
  MARKETING_CAP: number = 0;
  /** Days that MARKETING_CAP speaks of. */
  @Int()
  @IsInt()
  @Min(1)
  @Max(365)
  MARKETING_CAP_DAYS: number = 30;
  /** Hours in which marketing mail leaves, by the recipient's clock, where known, else Stockholm's, for example 07:00-21:00; what is due outside them waits. Text messages leave 08:00-20:00 whatever this says. */
  @Matches(/^(?!(\d\d:\d\d)-\1$)([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/)
  EMAIL_HOURS: string = '00:00-24:00';
}
