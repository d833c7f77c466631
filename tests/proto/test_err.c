#include <criterion/criterion.h>

#include "proto/err.h"

Test(err, every_code_has_a_name_and_a_sentence)
{
    cr_assert_str_eq(fo_strerror(FO_OK), "success");
    cr_assert_str_eq(fo_error_name(FO_ENOMEM), "FO_ENOMEM");
    cr_assert_str_eq(fo_strerror(FO_EMISSING), "a mandatory option is missing");
    cr_assert_str_eq(fo_error_name(FO_ECLOSED), "FO_ECLOSED");
    for (int e = FO_OK; e >= FO_ECLOSED; e--)
        cr_assert_str_neq(fo_error_name(e), "unknown", "code %d", e);
}

Test(err, a_number_that_is_no_code_still_has_text)
{
    cr_assert_str_eq(fo_error_name(1), "unknown");
    cr_assert_str_eq(fo_strerror(-12345), "an unknown error");
}
