/* Floats as text, for the printf family. */
#ifndef FLOAT_TEXT_H
#define FLOAT_TEXT_H

/* The parts of a number's text: what stands before, then zeros, then the rest. */
struct float_text {
  int length, zeros, suffix_length;
  char suffix[8];
  char text[1440];
};

/* Writes a magnitude, given by its bits without sign, for the conversion e, f, g or a or their capitals. A negative
   precision is the conversion's own. */
void __stepformer_float_text(struct float_text *out, unsigned long long bits, int conversion, int precision,
                             int alternate);
#endif
