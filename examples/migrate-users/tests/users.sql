-- The old users of the tests: one with argon2 (by the reference implementation, through argon2-cffi), the others with bcrypt by
-- PostgreSQL's own pgcrypto. All have the password correct-Horse7battery, except Greta, who never had one.
create extension pgcrypto;

create table users (
    email text not null,
    email_verified boolean not null,
    name text,
    password_hash text,
    needs_reset boolean not null default false,
    disabled boolean not null default false
);
create unique index on users (lower(email));

insert into users (email, email_verified, name, password_hash) values
    ('emil@example.com', true, 'Emil Haas',
     '$argon2id$v=19$m=256,t=2,p=1$b25seSBmb3IgdGVzdHM$+eiOpltYVyUaS3ubVgN6/26V2ZU/WARajbjXawmcfCM'),
    ('bruno@example.com', true, null, crypt('correct-Horse7battery', gen_salt('bf', 4))),
    ('unproved@example.com', false, null, crypt('correct-Horse7battery', gen_salt('bf', 4))),
    ('greta@example.com', true, null, null);
insert into users (email, email_verified, password_hash, needs_reset) values
    ('leaked@example.com', true, crypt('correct-Horse7battery', gen_salt('bf', 4)), true);
insert into users (email, email_verified, password_hash, disabled) values
    ('gone@example.com', true, crypt('correct-Horse7battery', gen_salt('bf', 4)), true);

-- What the function signs in as: it reads this table and nothing else. PostgreSQL ends a query that waits longer than the function does.
create role migrate_users login password 'only for tests';
alter role migrate_users set statement_timeout = '2s';
grant select on users to migrate_users;
