import { Type } from 'class-transformer';
import { IsInt, IsISO8601, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export class JournalQuery {
  /** An act, or all that begin so: `draw.frozen`, `draw`. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  act?: string;

  /** A subject, or all below it: `draw/bac-giang-2022/ky-2`, `draw`. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  subject?: string;

  /** The number of an officer. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  officer?: number;

  /** First day, in Vietnam. */
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;

  /** Last day, in Vietnam. */
  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;

  /** Entries after this number. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  after?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number;
}

export class JournalEntryDto {
  id!: number;
  at!: Date;
  /** The number of the officer; null when the program acted by itself. */
  officerId!: number | null;
  act!: string;
  subject!: string;
  facts!: Record<string, unknown>;
  /** Hash of the entry before, in hex. */
  previousHash!: string;
  /** SHA-256 over the canonical JSON of the entry, in hex. */
  hash!: string;
}

export class JournalPageDto {
  entries!: JournalEntryDto[];
  /** Ask for the entries after this number next; null when these were the last. */
  next!: number | null;
}
