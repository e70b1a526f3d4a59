#!/bin/sh
# Read the catalogue with nothing but the sqlite3 shell (3.34 or newer). The queries are the .sql files beside this one.
#
#   examples/readers/reader.sh catalogue.db tiles      portal=gelsenkirchen ars=055130000000
#   examples/readers/reader.sh catalogue.db region     ars=055130000000
#   examples/readers/reader.sh catalogue.db situation  situation=pvlagen:1050000 ars=055130000000
#   examples/readers/reader.sh catalogue.db service    service=sop2zbjygv43fk
#   examples/readers/reader.sh catalogue.db texts      service=sop2zbjygv43fk
#   examples/readers/reader.sh catalogue.db links      service=sop2zbjygv43fk ars=055130000000
#   examples/readers/reader.sh catalogue.db office     service=sop2zbjygv43fk ars=055130000000
#   examples/readers/reader.sh catalogue.db search     'words="wohnung"*' ars=055130000000
#   examples/readers/reader.sh catalogue.db changes    since=2026-11-22 ars=055130000000
set -eu
here=$(dirname "$0")
[ $# -ge 2 ] && [ -f "$1" ] && [ -f "$here/$2.sql" ] || { sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }
file=$1 query=$2
shift 2
{
    echo ".parameter init"
    for told; do
        # a value is text: quotes in it are doubled for SQL
        value=$(printf '%s' "${told#*=}" | sed "s/'/''/g")
        printf "INSERT OR REPLACE INTO temp.sqlite_parameters VALUES (':%s', '%s');\n" "${told%%=*}" "$value"
    done
    echo ".headers on"
    echo ".mode list"
    cat "$here/$query.sql"
} | sqlite3 -readonly -batch "$file"
