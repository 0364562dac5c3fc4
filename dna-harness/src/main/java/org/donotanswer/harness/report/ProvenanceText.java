package org.donotanswer.harness.report;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.evaluate.Provenance;

/** How a provenance is shown to people. */
final class ProvenanceText {
    private ProvenanceText() {}

    /** One thing that is known. */
    record Entry(String name, String value) {}

    static List<Entry> of(Provenance provenance) {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry("Made by", provenance.name() + ", version " + provenance.version()));
        entries.add(new Entry("Library", provenance.libraryVersion()));
        provenance.seed().ifPresent(seed -> entries.add(new Entry("Seed", Long.toString(seed))));
        provenance.data().forEach((name, sha256) -> entries.add(new Entry("SHA-256 of " + name, sha256)));
        provenance.parameters().forEach((name, value) -> entries.add(new Entry(name, value)));
        provenance.figures().forEach((name, value) -> entries.add(new Entry(name, Double.toString(value))));
        provenance.platform().forEach((name, value) -> entries.add(new Entry(name, value)));
        return List.copyOf(entries);
    }
}
