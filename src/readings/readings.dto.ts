import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { Paging, whole } from '../platform/http/paging.dto.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export class ReadingQuery extends Paging {
  /** Unit id. */
  @IsOptional()
  @Transform(whole)
  @IsInt()
  unit?: number;

  /** Code of an indicator. */
  @IsOptional()
  @MaxLength(100)
  indicator?: string;

  /** Windows that begin on this day or later. */
  @IsOptional()
  @Matches(DAY)
  from?: string;

  /** Windows that begin on this day or earlier. */
  @IsOptional()
  @Matches(DAY)
  to?: string;
}

/** One reading as a program sends it; figures as numbers or as text. */
export interface PostedReading {
  unitCode?: string;
  unit?: string;
  indicator: string;
  /** A day, or `from` and `to`, both inclusive. */
  date?: string;
  from?: string;
  to?: string;
  numerator?: number | string;
  denominator?: number | string;
  value?: number | string;
}

export class PostedReadings {
  /** Judged row by row with every other check of a file. */
  @IsArray()
  @ArrayMaxSize(10_000)
  readings!: PostedReading[];

  /** Why readings that stand already are changed. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string;

  /** Figures are running totals since the launch. */
  @IsOptional()
  @IsBoolean()
  cumulative?: boolean;

  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;
}
