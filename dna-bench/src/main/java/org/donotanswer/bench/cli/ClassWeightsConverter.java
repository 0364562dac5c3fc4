package org.donotanswer.bench.cli;

import java.util.Locale;
import org.donotanswer.classifier.finetune.FineTuningOptions.ClassWeights;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses how rare labels weigh, with hyphens or underscores. */
final class ClassWeightsConverter implements ITypeConverter<ClassWeights> {
    @Override
    public ClassWeights convert(String text) {
        try {
            return ClassWeights.valueOf(text.replace('-', '_').toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("must be none, square-root or balanced, but was '" + text + "'");
        }
    }
}
