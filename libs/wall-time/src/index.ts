export { Calendar, calendarOf } from './calendar';
export type { CalendarPeriod, Span } from './calendar';
export { wallInstants } from './wall-instants';
export type { WallInstants } from './wall-instants';
export { wallTime } from './wall-clock';
export type { WallTime } from './wall-clock';
export { offsetMs, shiftBetween } from './zone-offset';
