"""The commands of `nkqa`, one module for each thing an operator or reader wants done."""
