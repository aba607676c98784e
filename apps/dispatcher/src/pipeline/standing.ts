import type { AlertContext, AlertToOpen, NoticeToSave, OpenAlert } from '@app/persistence';
import type { NoticeState } from '@app/rules';

/** Where one instance's alert and its notices stand while a batch is raised; it begins as the store has it. */
export class Standing {
  open: OpenAlert | null;
  transitionSeq: number;
  /** Set where this batch opened the alert. */
  opened: AlertToOpen | null = null;
  notice: NoticeState | null;
  private noticeDueAt: number | null = null;
  private hasNews = false;

  constructor(readonly context: AlertContext) {
    this.open = context.open && { ...context.open };
    this.transitionSeq = context.transitionSeq;
    this.notice = context.notice;
  }

  remember(notice: NoticeState, dueAt: number | null): void {
    this.notice = notice;
    this.noticeDueAt = dueAt;
    this.hasNews = true;
  }

  get noticeToSave(): NoticeToSave | null {
    const { instanceId } = this.context;
    return this.hasNews ? { instanceId, notice: this.notice, noticeDueAt: this.noticeDueAt } : null;
  }
}
