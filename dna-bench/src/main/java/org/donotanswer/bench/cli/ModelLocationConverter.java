package org.donotanswer.bench.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses the location of a model. */
final class ModelLocationConverter implements ITypeConverter<ModelLocation> {
    @Override
    public ModelLocation convert(String text) {
        try {
            return ModelLocation.of(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
