import { Module } from '@nestjs/common';
import { WhyController } from './why.controller';

@Module({ controllers: [WhyController] })
export class WhyModule {}
