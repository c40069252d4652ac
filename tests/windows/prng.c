/* What Windows has as bcryptprimitives.dll since 10, and Wine since 9: Rust asks it for randomness. */
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(void *, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *data, SIZE_T length) {
    return SystemFunction036(data, (ULONG)length);
}
