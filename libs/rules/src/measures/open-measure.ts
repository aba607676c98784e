import type { Measure } from '../measure';
import type { MeasureOptions, SeriesMeasure } from './series-measure';

/** @param saved what `save` gave; null for a measure that begins */
export declare function openMeasure(measure: Measure, options: MeasureOptions, saved: unknown): SeriesMeasure;
