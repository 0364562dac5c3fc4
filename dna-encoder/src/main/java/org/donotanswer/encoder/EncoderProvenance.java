package org.donotanswer.encoder;

import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.evaluate.Provenance;

/**
 * What an evaluator was made of, beside its encoder model. Immutable, hence thread-safe.
 *
 * @param base the Maven coordinates of the base encoder's artifact
 * @param baseSha256 the checksum of its file
 * @param windows how exchanges are read
 */
record EncoderProvenance(
        String base,
        String baseSha256,
        EmbeddedModel embedded,
        ReadingWindows windows,
        boolean checkLanguage,
        boolean benchmarkNorm) {
    /** Returns the provenance of an encoder model, with all of this. */
    Provenance addedTo(Provenance model) {
        Provenance second = embedded.provenance();
        SortedMap<String, String> data = new TreeMap<>(model.data());
        data.put("base " + base, baseSha256);
        second.data().forEach((name, checksum) -> data.put("embedded " + name, checksum));
        SortedMap<String, String> parameters = new TreeMap<>(model.parameters());
        parameters.put("base", base);
        parameters.put("embedded.name", second.name());
        parameters.put("embedded.version", second.version());
        parameters.put("evaluator.maxTokens", Integer.toString(windows.maxTokens()));
        parameters.put("evaluator.overlap", Integer.toString(windows.overlap()));
        parameters.put("evaluator.maxWindows", Integer.toString(windows.maxWindows()));
        parameters.put("evaluator.checkLanguage", Boolean.toString(checkLanguage));
        parameters.put("evaluator.benchmarkNorm", Boolean.toString(benchmarkNorm));
        return new Provenance(
                model.name(),
                model.version(),
                model.libraryVersion(),
                model.seed(),
                data,
                parameters,
                model.figures(),
                model.platform());
    }
}
