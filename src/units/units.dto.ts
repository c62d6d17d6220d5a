import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Matches, MaxLength } from 'class-validator';
import { Paging, whole } from '../platform/http/paging.dto.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export class UnitSearch {
  /** Part of a name, with or without marks, or the beginning of a code. */
  @IsOptional()
  @MaxLength(100)
  q?: string;

  /** The day whose tree is meant, `2022-06-01`; today when left out. */
  @IsOptional()
  @Matches(DAY)
  on?: string;

  /** Only units below this one. */
  @IsOptional()
  @Transform(whole)
  @IsInt()
  under?: number;

  /** The units one level below this one; without it and without `q`, the topmost. */
  @IsOptional()
  @Transform(whole)
  @IsInt()
  parent?: number;
}

export class UnitDay {
  /** The day to read the unit on, `2022-06-01`; today when left out. */
  @IsOptional()
  @Matches(DAY)
  on?: string;
}

export class UnitPage extends Paging {
  /** The day to read the units on; today when left out. */
  @IsOptional()
  @Matches(DAY)
  on?: string;

  /** Only this unit and all below it. */
  @IsOptional()
  @Transform(whole)
  @IsInt()
  under?: number;
}
