import { Module } from '@nestjs/common';
import { BrandController } from './brand.controller';
import { Brands } from './brands.service';
import { LogoController } from './logo.controller';

@Module({
  controllers: [BrandController, LogoController],
  providers: [Brands],
  exports: [Brands],
})
export class BrandModule {}
