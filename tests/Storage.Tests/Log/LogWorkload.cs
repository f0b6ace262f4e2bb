using ShardStore.Storage.Log;

namespace ShardStore.Storage.Tests.Log;

/// <summary>Draws legal batches and applies them to a model at the same time.</summary>
public sealed class LogWorkload(Random random, int streams)
{
    private ulong _tag = 1;

    public void Draw(LogBatch batch, LogModel model)
    {
        batch.Clear();
        var operations = random.Next(1, 8);
        for (var i = 0; i < operations; i++)
            DrawOperation(batch, model, (ulong)random.Next(streams));
    }

    private void DrawOperation(LogBatch batch, LogModel model, ulong stream)
    {
        switch (random.Next(20))
        {
            case 0 when random.Next(4) == 0:
                batch.DropStream(stream);
                model.Drop(stream);
                break;
            case 0 or 1:
                SetBase(batch, model, stream, model.LastOf(stream) + (ulong)random.Next(20), ++_tag);
                break;
            case < 6:
                var position = Between(model.BaseOf(stream), model.LastOf(stream));
                SetBase(batch, model, stream, position, model.TagOf(stream, position));
                break;
            case < 9:
                var state = Bytes(random.Next(1, 40));
                batch.SetState(stream, state);
                model.SetState(stream, state);
                break;
            case < 11 when model.LastOf(stream) > model.BaseOf(stream):
                _tag++;
                Append(batch, model, stream, Between(model.BaseOf(stream) + 1, model.LastOf(stream)));
                break;
            default:
                Append(batch, model, stream, model.LastOf(stream) + 1);
                break;
        }
    }

    private static void SetBase(LogBatch batch, LogModel model, ulong stream, ulong position, ulong tag)
    {
        batch.SetBase(stream, position, tag);
        model.SetBase(stream, position, tag);
    }

    private void Append(LogBatch batch, LogModel model, ulong stream, ulong position)
    {
        var payload = Bytes(random.Next(10) == 0 ? random.Next(3000) : random.Next(100));
        var kind = (byte)random.Next(4);
        batch.Append(stream, position, _tag, kind, payload);
        model.Append(stream, position, _tag, kind, payload);
    }

    private ulong Between(ulong low, ulong high) => low + (ulong)random.NextInt64((long)(high - low) + 1);

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
