import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import { type Role, ROLES } from '../platform/http/access.js';

export class OfficersQuery {
  /** Part of the name or of the sign-in name. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  q?: string;

  @IsOptional()
  @IsIn(ROLES)
  role?: Role;

  /** Code of an organisation. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  organisation?: string;

  @IsOptional()
  @IsIn(['open', 'closed'])
  state?: 'open' | 'closed';

  /** Counted from 1. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  page?: number;
}

export class OfficerDto {
  id!: number;
  login!: string;
  name!: string;
  organisation!: string;
  roles!: Role[];
  /** Is two-step sign-in on? */
  hasSecondFactor!: boolean;
  /** Null: not signed in now. */
  seenAt!: Date | null;
  /** Null: the account is open. */
  disabledAt!: Date | null;
}

export class OfficersPageDto {
  officers!: OfficerDto[];
  total!: number;
}
