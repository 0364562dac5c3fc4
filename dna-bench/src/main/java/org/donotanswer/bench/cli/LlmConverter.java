package org.donotanswer.bench.cli;

import org.donotanswer.dataset.Llm;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses the name of an LLM. */
final class LlmConverter implements ITypeConverter<Llm> {
    @Override
    public Llm convert(String value) {
        try {
            return Llm.of(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
