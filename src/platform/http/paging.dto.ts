import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** A number out of an address; an empty one was left out. */
export const whole = ({ value }: { value: unknown }) =>
  value === undefined || value === '' ? undefined : Number(value);

/** A long list in parts: ask again with the last id of the part before. */
export class Paging {
  /** Go on after this id. */
  @IsOptional()
  @Transform(whole)
  @IsInt()
  after?: number;

  @IsOptional()
  @Transform(whole)
  @IsInt()
  @Min(1)
  @Max(5000)
  limit?: number;
}
