package org.donotanswer.bench.quality;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.reflect.ClassPath;
import com.google.common.reflect.ClassPath.ResourceInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.Exchange;

/** SHA-256 checksums of what predictions depend on. Pure functions, hence thread-safe. */
final class Fingerprint {
    /** The directory of the model's code, its training and its word lists. */
    private static final String CODE =
            EmbeddedTrainer.class.getPackageName().replace('.', '/').replaceFirst("[^/]*$", "");

    private Fingerprint() {}

    /**
     * Returns the checksum of the code that trains and evaluates models: any change of it may change predictions. The trained
     * model beside the code and its card have no part in it.
     *
     * @throws IOException if the class path cannot be read
     */
    static String ofCode() throws IOException {
        List<ResourceInfo> files = ClassPath.from(EmbeddedTrainer.class.getClassLoader()).getResources().stream()
                .filter(file -> file.getResourceName().startsWith(CODE))
                .filter(file -> !file.getResourceName().matches(".*\\.(dna|md)"))
                .sorted(Comparator.comparing(ResourceInfo::getResourceName))
                .toList();
        Hasher hasher = Hashing.sha256().newHasher();
        for (ResourceInfo file : files) {
            put(hasher, file.getResourceName());
            hasher.putBytes(file.asByteSource().hash(Hashing.sha256()).asBytes());
        }
        return hasher.hash().toString();
    }

    /** Returns the checksum of a training. */
    static String ofTraining(String recipe, List<TrainingExample> examples, long seed) {
        Hasher hasher = Hashing.sha256().newHasher().putLong(seed);
        put(hasher, recipe);
        for (TrainingExample example : examples) {
            put(hasher, example.instruction());
            put(hasher, example.response().orElse(""));
            // Its text form has all other values, and the lengths of the texts.
            put(hasher, example.toString());
        }
        return hasher.hash().toString();
    }

    /** Returns the checksum of an exchange. */
    static String of(Exchange exchange) {
        Hasher hasher = Hashing.sha256().newHasher();
        put(hasher, exchange.instruction());
        put(hasher, exchange.response());
        return hasher.hash().toString();
    }

    private static void put(Hasher hasher, String text) {
        hasher.putInt(text.length()).putString(text, StandardCharsets.UTF_8);
    }
}
