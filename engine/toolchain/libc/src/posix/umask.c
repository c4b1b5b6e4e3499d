/* The mask of permissions: kept, for files have the same permissions whatever it is. */
#include <sys/stat.h>

enum { USUAL = 022, ALL = 0777 };

mode_t umask(mode_t mask) {
  static mode_t kept = USUAL;
  mode_t before = kept;
  kept = mask & ALL;
  return before;
}
