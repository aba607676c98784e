import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { IsInstant } from '../http/instant';
import { SUBJECT } from '../http/subject';

export class CreateMaintenanceWindowDto {
  /** @example "Core banking moves" */
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  title: string;

  /** Only alerts of this metric; null: of all. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  metric?: string | null;

  /** Only alerts of this subject; null: of all. */
  @IsOptional()
  @Matches(SUBJECT, { message: 'subject must be a subject such as account:42' })
  subject?: string | null;

  @ApiProperty({ format: 'date-time', example: '2027-01-31T22:00:00Z' })
  @IsInstant()
  startsAt: string;

  /** At this instant it is over. */
  @ApiProperty({ format: 'date-time', example: '2027-02-01T02:00:00Z' })
  @IsInstant()
  endsAt: string;
}

export class MaintenanceWindowView {
  maintenanceWindowId: string;
  title: string;
  metric: string | null;
  subject: string | null;
  startsAt: Date;
  endsAt: Date;
  createdAt: Date;
}

export class MaintenanceWindowPage {
  items: MaintenanceWindowView[];
  nextCursor: string | null;
}
