import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Env } from '../config/env';
import { Database, DATABASE_OPTIONS } from './database';
import { Months } from './months';

@Global()
@Module({})
export class DatabaseModule {
  /** `url` is DATABASE_URL, or the embedded server's. */
  static at(url: string): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: DATABASE_OPTIONS,
          inject: [Env],
          useFactory: (env: Env) => ({ url, pool: env.DATABASE_POOL }),
        },
        Database,
        Months,
      ],
      exports: [Database, Months],
    };
  }
}
