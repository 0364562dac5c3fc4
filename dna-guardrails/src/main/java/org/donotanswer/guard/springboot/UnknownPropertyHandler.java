package org.donotanswer.guard.springboot;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.donotanswer.internal.NameSuggestion;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Names a property that does not exist, without its value, and suggests the one that was probably meant. */
final class UnknownPropertyHandler extends AbstractBindHandler {
    UnknownPropertyHandler(BindHandler parent) {
        super(parent);
    }

    @Override
    public Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error)
            throws Exception {
        if (name.toString().equals(GuardProperties.PREFIX)
                && error instanceof UnboundConfigurationPropertiesException unbound) {
            // Not as the cause: it has the values.
            throw new GuardPropertyException(String.join(
                    "; ",
                    unbound.getUnboundProperties().stream()
                            .map(property -> message(property.getName().toString()))
                            .toList()));
        }
        return super.onFailure(name, target, context, error);
    }

    private static String message(String property) {
        String relative = property.substring(GuardProperties.PREFIX.length() + 1);
        return property + " must be a property of the guard, but was unknown"
                + NameSuggestion.suggestion(relative, names(GuardProperties.class, ""));
    }

    /** Returns the names of the properties of a record and the records in it. */
    static Collection<String> names(Class<?> type, String prefix) {
        List<String> names = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name =
                    prefix + component.getName().replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                names.addAll(names(component.getType(), name + "."));
            } else {
                names.add(name);
            }
        }
        return names;
    }
}
