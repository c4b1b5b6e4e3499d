/* Bytes of stdin. */
#include <stdio.h>
#include "read.h"

int getchar(void) { return read_stdin(); }
