package org.donotanswer.harness.report;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.evaluate.Provenance;

/** Formats a provenance for people. */
final class ProvenanceText {
    private ProvenanceText() {}

    /** A line of it. */
    record ProvenanceLine(String name, String value) {}

    static List<ProvenanceLine> of(Provenance provenance) {
        List<ProvenanceLine> entries = new ArrayList<>();
        entries.add(new ProvenanceLine("Created by", provenance.name() + ", version " + provenance.version()));
        entries.add(new ProvenanceLine("Library", provenance.libraryVersion()));
        provenance.seed().ifPresent(seed -> entries.add(new ProvenanceLine("Seed", Long.toString(seed))));
        provenance.data().forEach((name, sha256) -> entries.add(new ProvenanceLine("SHA-256 of " + name, sha256)));
        provenance.parameters().forEach((name, value) -> entries.add(new ProvenanceLine(name, value)));
        provenance.figures().forEach((name, value) -> entries.add(new ProvenanceLine(name, Double.toString(value))));
        provenance.platform().forEach((name, value) -> entries.add(new ProvenanceLine(name, value)));
        return List.copyOf(entries);
    }
}
