import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { SCOPES, type Scope } from '../access/principal';

export class CreateKeyDto {
  /** Who will use it. @example "core-banking" */
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  title: string;

  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(SCOPES, { each: true })
  scopes: Scope[];
}

export class KeyView {
  keyId: string;
  title: string;
  scopes: string[];
  lastFour: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export class NewKeyView extends KeyView {
  /** The key itself: shown this once, kept nowhere. Null in a replayed answer. */
  secret: string | null;
}

export class KeyPage {
  items: KeyView[];
  nextCursor: string | null;
}
