"""What was handed in: by one student (`submission`, `lookup`), or by a class (`roster`, `layouts/`).

Everything here is read into memory as names and bytes; nothing is unpacked or run. A hand-in is read
once (`members`, `tree`); `choosing` decides which of its files is a part's, for every way to grade.
To support another platform's export, add a module to `layouts/`. To read another kind of file, add
its suffix to `reading.SOURCES`, or to `listing.HANDED_IN` if it holds other files.
"""
