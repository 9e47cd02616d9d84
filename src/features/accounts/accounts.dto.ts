import { Transform, Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { PERMISSIONS, ROLES, type Permission, type Role } from '../../platform/http/permissions';
import { Optional } from '../../platform/http/validation';
import { LANGUAGES, type Language } from '../../platform/i18n/i18n';
import { PASSWORD_MAX, PASSWORD_MIN } from './passwords';

const Name = () =>
  Matches(/^[^\p{Cc}]{1,100}$/u, { message: '$property must be 1–100 characters' });
const Email = () => IsEmail({ require_tld: false });
const LowerCase = () =>
  Transform(({ value }) =>
    typeof value === 'string' ? value.trim().normalize('NFC').toLowerCase() : (value as unknown),
  );

export class LogInInput {
  @LowerCase()
  @Email()
  email: string;
  @IsString()
  @MaxLength(PASSWORD_MAX)
  password: string;
}

export class PasswordInput {
  @IsString()
  @MaxLength(PASSWORD_MAX)
  currentPassword: string;
  @IsString()
  @MinLength(PASSWORD_MIN)
  @MaxLength(PASSWORD_MAX)
  newPassword: string;
}

export class LanguageInput {
  @IsIn(LANGUAGES)
  language: Language;
}

export class StaffInput {
  @LowerCase()
  @Email()
  email: string;
  @Name()
  name: string;
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(ROLES, { each: true })
  roles: Role[];
  @Optional()
  @IsIn(LANGUAGES)
  language?: Language;
}

export class StaffChange {
  @Optional()
  @Name()
  name?: string;
  @Optional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(ROLES, { each: true })
  roles?: Role[];
  @Optional()
  @IsIn(LANGUAGES)
  language?: Language;
  /** true ends every session and refuses log-in; false lets the person in again. */
  @Optional()
  @IsBoolean()
  disabled?: boolean;
}

/** A key never manages people or keys: a leaked one must not be able to make itself permanent. */
export const GRANTABLE: readonly Permission[] = PERMISSIONS.filter(
  (permission) => permission !== 'staff:manage' && permission !== 'api-keys:manage',
);

export class ApiKeyInput {
  @Name()
  name: string;
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(GRANTABLE, { each: true })
  permissions: Permission[];
}

export class AuditQuery {
  /** `next` of the page before. */
  @Optional()
  @Matches(/^\d{1,15}$/)
  cursor?: string;
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;
  @Optional()
  @IsString()
  @MaxLength(50)
  subjectType?: string;
  @Optional()
  @IsString()
  @MaxLength(100)
  subjectId?: string;
  @Optional()
  @IsString()
  @MaxLength(100)
  actorId?: string;
  @Optional()
  @IsString()
  @MaxLength(100)
  action?: string;
}

/** Who is signed in, and what they may do. */
export class Me {
  type: 'staff' | 'api_key';
  id: string;
  /** Staff only. */
  staff: Staff | null;
  permissions: Permission[];
}

export class OpenSession {
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  /** Whether this is the session that asks. */
  current: boolean;
}

export class OpenSessions {
  items: OpenSession[];
}

export class Staff {
  id: string;
  email: string;
  name: string;
  roles: Role[];
  language: Language;
  createdAt: Date;
  disabledAt: Date | null;
}

export class NewStaff extends Staff {
  /** Shown this once. */
  password: string;
}

export class StaffList {
  items: Staff[];
}

export class ApiKey {
  id: string;
  name: string;
  /** How the key begins, to tell keys apart. */
  prefix: string;
  permissions: Permission[];
  createdBy: string | null;
  createdAt: Date;
  /** To the minute. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export class NewApiKey extends ApiKey {
  /** Shown this once. */
  key: string;
}

export class ApiKeyList {
  items: ApiKey[];
}

export class AuditRow {
  id: number;
  at: Date;
  actorType: string;
  actorId: string | null;
  /** Name of the member of staff or of the API key. */
  actorName: string | null;
  action: string;
  subjectType: string;
  subjectId: string | null;
  details: Record<string, unknown>;
}

export class AuditPage {
  items: AuditRow[];
  /** `cursor` of the next page; null at the end. */
  next: string | null;
}
