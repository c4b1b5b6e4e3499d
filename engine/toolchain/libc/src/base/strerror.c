/* Names of errors, in the words of the host's C libraries; only those that can happen here. */
#include <errno.h>
#include <string.h>

static const struct {
  short number;
  char text[50];
} errors[] = {
    {0, "Success"},
    {EPERM, "Operation not permitted"},
    {ENOENT, "No such file or directory"},
    {EINTR, "Interrupted system call"},
    {EIO, "Input/output error"},
    {EBADF, "Bad file descriptor"},
    {ECHILD, "No child processes"},
    {EAGAIN, "Resource temporarily unavailable"},
    {ENOMEM, "Cannot allocate memory"},
    {EACCES, "Permission denied"},
    {EFAULT, "Bad address"},
    {EBUSY, "Device or resource busy"},
    {EEXIST, "File exists"},
    {EXDEV, "Invalid cross-device link"},
    {ENODEV, "No such device"},
    {ENOTDIR, "Not a directory"},
    {EISDIR, "Is a directory"},
    {EINVAL, "Invalid argument"},
    {EMFILE, "Too many open files"},
    {ENOTTY, "Inappropriate ioctl for device"},
    {EFBIG, "File too large"},
    {ENOSPC, "No space left on device"},
    {ESPIPE, "Illegal seek"},
    {EROFS, "Read-only file system"},
    {EPIPE, "Broken pipe"},
    {EDOM, "Numerical argument out of domain"},
    {ERANGE, "Numerical result out of range"},
    {ENAMETOOLONG, "File name too long"},
    {ENOSYS, "Function not implemented"},
    {ENOTEMPTY, "Directory not empty"},
    {ELOOP, "Too many levels of symbolic links"},
    {EOVERFLOW, "Value too large for defined data type"},
    {EILSEQ, "Invalid or incomplete multibyte or wide character"},
    {ENOTSUP, "Operation not supported"},
    {ENOTCAPABLE, "Operation not permitted"},
};

char *strerror(int number) {
  for (unsigned i = 0; i < sizeof errors / sizeof *errors; i++) {
    if (errors[i].number == number) return (char *)errors[i].text;
  }
  static char unknown[] = "Unknown error -2147483648";
  char *to = unknown + sizeof "Unknown error";
  if (number < 0) *to++ = '-';
  unsigned rest = number < 0 ? -(unsigned)number : number, scale = 1;
  while (rest / scale > 9) scale *= 10;
  for (; scale; scale /= 10) *to++ = '0' + rest / scale % 10;
  *to = 0;
  return unknown;
}
