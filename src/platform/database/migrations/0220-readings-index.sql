-- The index of current readings serves what this one was for, and every index costs a bulk import a second.
drop index reading_by_unit;
