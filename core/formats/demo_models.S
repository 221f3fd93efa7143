/* SPDX-FileCopyrightText: The Quantoscope authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of the built-in models. QUANTOSCOPE_DIGITS and so on come from the build. */

    .section .rodata

    .global qs_demo_digits_begin
    .hidden qs_demo_digits_begin
    .global qs_demo_digits_end
    .hidden qs_demo_digits_end
    .balign 64
qs_demo_digits_begin:
    .incbin QUANTOSCOPE_DIGITS
qs_demo_digits_end:
    .byte 0

    .global qs_demo_lesson_begin
    .hidden qs_demo_lesson_begin
    .global qs_demo_lesson_end
    .hidden qs_demo_lesson_end
    .balign 64
qs_demo_lesson_begin:
    .incbin QUANTOSCOPE_LESSON
qs_demo_lesson_end:
    .byte 0

    .global qs_demo_notebook_begin
    .hidden qs_demo_notebook_begin
    .global qs_demo_notebook_end
    .hidden qs_demo_notebook_end
    .balign 64
qs_demo_notebook_begin:
    .incbin QUANTOSCOPE_NOTEBOOK
qs_demo_notebook_end:
    .byte 0

    .section .note.GNU-stack,"",%progbits
