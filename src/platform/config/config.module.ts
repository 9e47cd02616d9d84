import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Clock } from '../clock';
import { Env } from './env';
import { Secrets } from './secrets';

@Global()
@Module({})
export class ConfigModule {
  static with(env: Env): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: Env, useValue: env },
        { provide: Secrets, useValue: new Secrets(env) },
        Clock,
      ],
      exports: [Env, Secrets, Clock],
    };
  }
}
