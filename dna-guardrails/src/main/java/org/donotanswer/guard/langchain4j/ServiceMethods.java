package org.donotanswer.guard.langchain4j;

import dev.langchain4j.invocation.InvocationContext;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Tells streaming methods of AI services from others by what they return. */
final class ServiceMethods {
    private ServiceMethods() {}

    /**
     * Returns whether a response may be streamed to the caller. Types of streams ({@code TokenStream}, {@code Flux}, {@code Multi},
     * {@code Flow}) are interfaces or abstract classes; those into which the framework parses a complete response are not, but for
     * collections. True if the method is not known.
     */
    static boolean mayStream(@Nullable InvocationContext context) {
        Class<?> service = context == null ? null : load(context.interfaceName());
        if (service == null) {
            return true;
        }
        boolean found = false;
        for (Method method : service.getMethods()) {
            if (method.getName().equals(context.methodName())) {
                found = true;
                if (!isComplete(method.getReturnType())) {
                    return true;
                }
            }
        }
        return !found;
    }

    private static boolean isComplete(Class<?> type) {
        if (type.isPrimitive()
                || type.isArray()
                || type.isSealed()
                || Collection.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type)) {
            return true;
        }
        return type != Object.class
                && !Modifier.isAbstract(type.getModifiers())
                && !Flow.Publisher.class.isAssignableFrom(type);
    }

    private static @Nullable Class<?> load(@Nullable String name) {
        if (name == null) {
            return null;
        }
        Class<?> found = load(name, Thread.currentThread().getContextClassLoader());
        return found == null ? load(name, ServiceMethods.class.getClassLoader()) : found;
    }

    private static @Nullable Class<?> load(String name, @Nullable ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }
}
