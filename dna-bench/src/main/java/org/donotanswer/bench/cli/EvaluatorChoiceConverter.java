package org.donotanswer.bench.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses the choice of an evaluator. */
final class EvaluatorChoiceConverter implements ITypeConverter<EvaluatorChoice> {
    @Override
    public EvaluatorChoice convert(String text) {
        try {
            return EvaluatorChoice.of(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
