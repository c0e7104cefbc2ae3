#!/bin/sh
# deskbridge: the program, and for an administrator its data folder, run as the service's user.
#   deskbridge doctor            the service's folder, when it exists and no --data is given
program=/usr/lib/deskbridge/deskbridge
settings=/etc/deskbridge/deskbridge.env

case " $* " in
  *" --data "* | *" --data="* | *" --help"* | *" -h"* | *" --version"*) exec "$program" "$@" ;;
esac
case "${1:-}" in
  doctor | token | export | import | invite | backup | restore | rotate-keys | audit) ;;
  *) exec "$program" "$@" ;;
esac
if [ -d /var/lib/deskbridge ] && [ "$(id -u)" = 0 ]; then
  if [ -r "$settings" ]; then set -a; . "$settings"; set +a; fi
  cd "${DESKBRIDGE_DATA:-/var/lib/deskbridge}" # the service's user may not see where we are; file names count from its folder
  exec setpriv --reuid=deskbridge --regid=deskbridge --init-groups "$program" "$@" --data "${DESKBRIDGE_DATA:-/var/lib/deskbridge}"
fi
exec "$program" "$@"
