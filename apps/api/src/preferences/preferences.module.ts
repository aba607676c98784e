import { Module } from '@nestjs/common';
import { PreferencesController } from './preferences.controller';
import { PreferenceSheetController } from './sheet.controller';

@Module({ controllers: [PreferencesController, PreferenceSheetController] })
export class PreferencesModule {}
