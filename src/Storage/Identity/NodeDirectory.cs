using System.Security.Cryptography;
using System.Text;
using ShardStore.Storage.Native;
using ShardStore.Storage.Segments;

namespace ShardStore.Storage.Identity;

/// <summary>A node's data directory: locked by this process, and bound to one node of one cluster by its file
/// "identity". On disk: magic u32, version u8, node number u64, cluster id, name and, from version 2, disk id (each
/// length u8, UTF-8), CRC32C u32. What does not fit is refused; nothing is ever overwritten or deleted because of it.
/// </summary>
public sealed class NodeDirectory : IDisposable
{
    private const uint Magic = 0x4449_5353; // "SSID"
    private const byte Version = 2;
    private const byte VersionWithoutDisk = 1;
    private const int DiskIdDigits = 16;
    private const string IdentityName = "identity";

    /// <summary>What may stand in a directory that belongs to nobody yet: what a start that was cut short leaves, and
    /// what a file system's root has.</summary>
    private static readonly string[] Harmless = ["lock", IdentityName + DurableFile.TemporarySuffix, "lost+found"];

    private readonly DirectoryLock _lock;

    private NodeDirectory(string path, DirectoryLock taken)
    {
        Path = path;
        _lock = taken;
    }

    public string Path { get; }

    /// <summary>Null while the directory belongs to nobody.</summary>
    public NodeIdentity? Identity { get; private set; }

    private string IdentityFile => System.IO.Path.Combine(Path, IdentityName);

    /// <summary>Creates the directory where needed, locks it and reads whose it is. One that holds anything but a
    /// node's files is refused and left as it is: a node deletes what it does not know in its own directory.</summary>
    public static NodeDirectory Open(string path)
    {
        Create(path);
        if (TryReadIdentity(path) is null)
            RefuseForeign(path);
        DirectoryLock taken = DirectoryLock.Take(path);
        try
        {
            return new NodeDirectory(path, taken) { Identity = TryReadIdentity(path) };
        }
        catch (Exception refused) when (refused is IOException or StorageCorruptException)
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Binds a free directory, or checks that a bound one is this node's. A node number of 0 is replaced by
    /// the one the cluster gave, any other stays for good. The disk id is drawn here, once.</summary>
    public void Bind(NodeIdentity wanted)
    {
        if (Identity is { } found)
        {
            Refuse("cluster id", found.ClusterId, wanted.ClusterId);
            Refuse("node name", found.NodeName, wanted.NodeName);
            if (found.NodeNumber != 0)
                Refuse("node number", found.NodeNumber, wanted.NodeNumber);
        }
        var bound = wanted with
        {
            DiskId = Identity is { DiskId.Length: > 0 } known
                ? known.DiskId
                : RandomNumberGenerator.GetHexString(DiskIdDigits, lowercase: true),
        };
        if (bound == Identity)
            return;
        DurableFile.Write(IdentityFile, Write(bound));
        Identity = bound;
    }

    public void Dispose() => _lock.Dispose();

    private void Refuse<T>(string what, T found, T wanted) where T : IEquatable<T>
    {
        if (!found.Equals(wanted))
            throw new IOException($"data directory {Path}: belongs to {what} {found}, this node is {what} {wanted}");
    }

    private static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"data directory {path}: cannot be made ({refused.Message})", refused);
        }
    }

    private static NodeIdentity? TryReadIdentity(string path)
    {
        string file = System.IO.Path.Combine(path, IdentityName);
        return File.Exists(file) ? Read(path, file, File.ReadAllBytes(file)) : null;
    }

    private static void RefuseForeign(string path)
    {
        string? foreign = Directory.EnumerateFileSystemEntries(path).Select(entry => System.IO.Path.GetFileName(entry))
            .Where(name => !Harmless.Contains(name)).Order(StringComparer.Ordinal).FirstOrDefault();
        if (foreign != null)
        {
            throw new IOException($"data directory {path}: holds '{foreign}' but no file '{IdentityName}', so it is "
                + "not a node's; give an empty or a new one");
        }
    }

    private static byte[] Write(NodeIdentity identity)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(identity.NodeNumber);
        WriteText(writer, "cluster id", identity.ClusterId);
        WriteText(writer, "node name", identity.NodeName);
        WriteText(writer, "disk id", identity.DiskId);
        writer.Flush();
        writer.Write(Checksum.Of(bytes.ToArray()));
        writer.Flush();
        return bytes.ToArray();
    }

    private static void WriteText(BinaryWriter writer, string what, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length is 0 or > NodeIdentity.TextBytesMax)
        {
            throw new ArgumentException($"{what} \"{text}\" of {bytes.Length} bytes: allowed are 1 to "
                + $"{NodeIdentity.TextBytesMax}");
        }
        writer.Write((byte)bytes.Length);
        writer.Write(bytes);
    }

    private static NodeIdentity Read(string path, string file, byte[] bytes)
    {
        const int shortestBytes = sizeof(uint) + 1 + sizeof(ulong) + 2 + 2 + sizeof(uint);
        if (bytes.Length < shortestBytes || BitConverter.ToUInt32(bytes) != Magic)
            throw new StorageCorruptException(file, 0, "a node identity's head was expected");
        uint crc = Checksum.Of(bytes.AsSpan(0, bytes.Length - sizeof(uint)));
        if (crc != BitConverter.ToUInt32(bytes, bytes.Length - sizeof(uint)))
            throw new StorageCorruptException(file, bytes.Length - sizeof(uint), $"CRC32C {crc:x8} was expected");
        byte version = bytes[4];
        if (version is < VersionWithoutDisk or > Version)
        {
            throw new IOException($"data directory {path}: its format is version {version}, this node reads version "
                + $"{VersionWithoutDisk} to {Version}");
        }
        using BinaryReader reader = new(new MemoryStream(bytes));
        reader.BaseStream.Position = sizeof(uint) + 1;
        ulong number = reader.ReadUInt64();
        string cluster = ReadText(reader);
        return new NodeIdentity(cluster, ReadText(reader), number)
        {
            DiskId = version == VersionWithoutDisk ? "" : ReadText(reader),
        };
    }

    private static string ReadText(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadByte()));
}
