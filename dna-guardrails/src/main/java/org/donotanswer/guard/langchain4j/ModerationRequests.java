package org.donotanswer.guard.langchain4j;

import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.model.moderation.ModerationModel;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves the moderation requests that the framework has from 1.12 on. A class compiled against the oldest release cannot have a
 * method that takes one, so that a proxy has it.
 */
final class ModerationRequests implements InvocationHandler {
    private static final Optional<Class<?>> RESPONSE =
            Newer.type("dev.langchain4j.model.moderation.ModerationResponse");

    private final SafetyModerationModel model;

    private ModerationRequests(SafetyModerationModel model) {
        this.model = model;
    }

    /** Returns a model that serves requests, if the release at hand has them, else the given one. */
    static ModerationModel serve(SafetyModerationModel model) {
        if (RESPONSE.isEmpty()) {
            return model;
        }
        Class<?> type = ModerationModel.class;
        return (ModerationModel)
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new ModerationRequests(model));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("doModerate")) {
            return respond(Objects.requireNonNull(arguments, "arguments")[0]);
        }
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, method, arguments);
        }
        if (isOfModel(method)) {
            return Newer.call(method, model, arguments);
        }
        return InvocationHandler.invokeDefault(proxy, method, arguments);
    }

    /** Returns whether the model has the method itself; the defaults of others end up in these, or in {@code doModerate}. */
    private static boolean isOfModel(Method method) {
        return Newer.method(SafetyModerationModel.class, method.getName(), method.getParameterTypes())
                .filter(own -> own.getDeclaringClass() == SafetyModerationModel.class)
                .isPresent();
    }

    private Object ofObject(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "SafetyModerationModel";
        };
    }

    @SuppressWarnings("unchecked")
    private Object respond(Object request) {
        List<String> texts = (List<String>) Objects.requireNonNull(Newer.get(request, "texts"), "texts");
        SafetyModerationModel.Found found = model.moderation(texts);
        Object builder = Newer.call(method(RESPONSE.orElseThrow(), "builder"), null);
        Class<?> type = Objects.requireNonNull(builder, "builder").getClass();
        Newer.call(method(type, "moderation", Moderation.class), builder, found.moderation());
        Newer.call(method(type, "metadata", Map.class), builder, found.metadata());
        return Objects.requireNonNull(Newer.get(builder, "build"), "response");
    }

    private static Method method(Class<?> owner, String name, Class<?>... parameters) {
        return Newer.method(owner, name, parameters)
                .orElseThrow(() -> new IllegalStateException(owner.getName() + " must have a method " + name));
    }
}
