package org.donotanswer.harness.table;

/** A record whose place tells its line, and its id if it cannot be parsed. Immutable, hence thread-safe. */
interface PlacedRow extends RawRow {
    /** Returns where the record is. */
    Place place();

    @Override
    default long line() {
        return place().line() > 0 ? place().line() : place().record();
    }

    @Override
    default String brokenId() {
        return place().brokenId();
    }
}
