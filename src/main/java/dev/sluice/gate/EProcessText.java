package dev.sluice.gate;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import dev.sluice.stats.EProcess;
import java.io.IOException;

/** E-processes in the state of a gate: as their own text, which is exact to the last bit. */
final class EProcessText {
  private EProcessText() {}

  static Module module() {
    return new SimpleModule("e-processes")
        .addSerializer(EProcess.class, new Writer())
        .addDeserializer(EProcess.class, new Reader());
  }

  private static final class Writer extends StdScalarSerializer<EProcess> {
    private static final long serialVersionUID = 1;

    Writer() {
      super(EProcess.class);
    }

    @Override
    public void serialize(EProcess process, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(process.encode());
    }
  }

  private static final class Reader extends StdScalarDeserializer<EProcess> {
    private static final long serialVersionUID = 1;

    Reader() {
      super(EProcess.class);
    }

    @Override
    public EProcess deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return EProcess.parse(in.getValueAsString(""));
    }
  }
}
