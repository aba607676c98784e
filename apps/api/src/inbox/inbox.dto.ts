export class InboxMessageView {
  deliveryId: string;
  subject: string;
  body: string;
  keptAt: Date;
}

export class InboxPage {
  items: InboxMessageView[];
  nextCursor: string | null;
}
