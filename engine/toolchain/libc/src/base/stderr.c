/* stderr. */
#define PUT(c) __stepformer_write_error(c)
#include "output.h"

#undef stderr
OUTPUT(stderr, 2)
