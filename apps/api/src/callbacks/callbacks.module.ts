import { Module } from '@nestjs/common';
import { InboundStore, SuppressionStore } from '@app/persistence';
import type { ApiParts } from '../api-parts';
import { PARTS } from '../parts.module';
import { RulesModule } from '../rules/rules.module';
import { Rules } from '../rules/rules.service';
import { AlertReplies } from './alert-replies';
import { CallbackGate } from './callback-gate';
import { InboundController } from './inbound.controller';
import { InboundTexts } from './inbound-texts';
import { ReceiptsController } from './receipts.controller';
import { TelnyxController } from './telnyx.controller';

@Module({
  imports: [RulesModule],
  controllers: [ReceiptsController, InboundController, TelnyxController],
  providers: [
    { provide: CallbackGate, inject: [PARTS], useFactory: (parts: ApiParts) => new CallbackGate(parts) },
    {
      provide: InboundTexts,
      inject: [InboundStore, SuppressionStore, Rules],
      useFactory: (inbound: InboundStore, suppressions: SuppressionStore, rules: Rules) =>
        new InboundTexts({ inbound, suppressions, replies: new AlertReplies(rules, inbound) }),
    },
  ],
})
export class CallbacksModule {}
