export { NestLog, createLogger } from './logger';
