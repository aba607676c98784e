import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsUUID } from 'class-validator';
import { PageQuery } from '../http/page.dto';

export class InboxQuery extends PageQuery {
  /** `true`: only what has not been read. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) =>
    value === 'true' || value === '' ? true : value === 'false' ? false : value,
  )
  @IsBoolean({ message: 'unread must be true or false' })
  unread: boolean = false;
}

export class ReadAllDto {
  /** The newest message that was on the screen: what came after it stays unread. Without it, all. */
  @IsOptional()
  @IsUUID()
  newest?: string;
}

export class InboxMessageView {
  deliveryId: string;
  subject: string;
  body: string;
  keptAt: Date;
  /** Null until it was read. */
  readAt: Date | null;
}

export class InboxPage {
  items: InboxMessageView[];
  nextCursor: string | null;
  /** Of the whole inbox; 1000 stands for that many or more. */
  unreadCount: number;
}

export class ReadAllView {
  /** How many were unread until now. */
  read: number;
}
