/* stdout. */
#define PUT(c) __stepformer_write_byte(c)
#include "output.h"

#undef stdout
OUTPUT(stdout, 1)
