<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>Commands</name>
    <message>
        <source>Quantize %1</source>
        <translation>量化 %1</translation>
    </message>
    <message>
        <source>Exclude %1</source>
        <translation>排除 %1</translation>
    </message>
    <message numerus="yes">
        <source>Quantize %n layers</source>
        <translation>
            <numerusform>量化 %n 个层</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Exclude %n layers</source>
        <translation>
            <numerusform>排除 %n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>Change %1</source>
        <translation>更改 %1</translation>
    </message>
    <message numerus="yes">
        <source>Change %n layers</source>
        <translation>
            <numerusform>更改 %n 个层</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Invert %n layers</source>
        <translation>
            <numerusform>反转 %n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>Quantize only %1</source>
        <translation>仅量化 %1</translation>
    </message>
    <message numerus="yes">
        <source>Quantize only %n layers</source>
        <translation>
            <numerusform>仅量化 %n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>Exclude all but %1</source>
        <translation>排除 %1 以外的所有层</translation>
    </message>
    <message numerus="yes">
        <source>Exclude all but %n layers</source>
        <translation>
            <numerusform>排除这 %n 个层以外的所有层</numerusform>
        </translation>
    </message>
    <message>
        <source>Change the role of %1</source>
        <translation>更改 %1 的角色</translation>
    </message>
    <message numerus="yes">
        <source>Change the role of %n tensors</source>
        <translation>
            <numerusform>更改 %n 个张量的角色</numerusform>
        </translation>
    </message>
    <message>
        <source>Clear the overrides of %1</source>
        <translation>清除 %1 的单独设置</translation>
    </message>
    <message numerus="yes">
        <source>Clear the overrides of %n layers</source>
        <translation>
            <numerusform>清除 %n 个层的单独设置</numerusform>
        </translation>
    </message>
    <message>
        <source>Change the scheme to %1</source>
        <translation>将方案改为 %1</translation>
    </message>
    <message>
        <source>Change the activation between layers</source>
        <translation>更改层间的激活函数</translation>
    </message>
</context>
<context>
    <name>CompareRows</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>only in A: %1</source>
        <translation>仅在 A 中：%1</translation>
    </message>
    <message>
        <source>only in B: %1</source>
        <translation>仅在 B 中：%1</translation>
    </message>
    <message>
        <source>kept: %1</source>
        <translation>保持原样：%1</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>B / A</source>
        <translation>B / A</translation>
    </message>
    <message>
        <source>SQNR of B</source>
        <translation>B 的信噪比</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>B has it as</source>
        <translation>在 B 中为</translation>
    </message>
    <message>
        <source>error of B %1</source>
        <translation>B 的误差 %1</translation>
    </message>
    <message>
        <source>Error of A</source>
        <translation>A 的误差</translation>
    </message>
    <message>
        <source>Error of B</source>
        <translation>B 的误差</translation>
    </message>
    <message>
        <source>errors of weights</source>
        <translation>权重误差</translation>
    </message>
    <message>
        <source>errors alone</source>
        <translation>单层误差</translation>
    </message>
    <message>
        <source>error of A %1</source>
        <translation>A 的误差 %1</translation>
    </message>
    <message>
        <source>B / A %1</source>
        <translation>B / A %1</translation>
    </message>
    <message>
        <source>SQNR of B %1</source>
        <translation>B 的 SQNR %1</translation>
    </message>
    <message>
        <source>matched by name</source>
        <translation>按名称匹配</translation>
    </message>
    <message>
        <source>%1; %2</source>
        <translation>%1；%2</translation>
    </message>
</context>
<context>
    <name>Core</name>
    <message>
        <source>channel or group does not belong to this layer, or it holds codes</source>
        <translation>通道或组不属于该层，或该层存放的是量化码</translation>
    </message>
    <message>
        <source>the candidate holds no tensor that matches it</source>
        <translation>候选文件中没有与之对应的张量</translation>
    </message>
    <message>
        <source>the reference holds no tensor that matches it</source>
        <translation>参照文件中没有与之对应的张量</translation>
    </message>
    <message>
        <source>{}: {}</source>
        <translation>{}：{}</translation>
    </message>
    <message>
        <source>the shapes are {} and {}</source>
        <translation>形状分别是 {} 和 {}</translation>
    </message>
    <message>
        <source>holds NaN or infinite values</source>
        <translation>含有 NaN 或无穷大的数值</translation>
    </message>
    <message>
        <source>its codes are not decoded</source>
        <translation>它的量化码未解码</translation>
    </message>
    <message>
        <source>transposed</source>
        <translation>已转置</translation>
    </message>
    <message>
        <source>{}, transposed</source>
        <translation>{}，已转置</translation>
    </message>
    <message>
        <source>the rows differ in number or length</source>
        <translation>行的数目或长度不同</translation>
    </message>
    <message>
        <source>{} against {}</source>
        <translation>{} 对 {}</translation>
    </message>
    <message>
        <source>the same place in the model</source>
        <translation>在模型中的位置相同</translation>
    </message>
    <message>
        <source>the matrices of {} experts and their stack</source>
        <translation>{} 个专家的矩阵及其堆叠</translation>
    </message>
    <message>
        <source>the rows of {} tensors in one</source>
        <translation>{} 个张量的行合在一起</translation>
    </message>
    <message>
        <source>the table of tokens is the output layer, too</source>
        <translation>词元表同时也是输出层</translation>
    </message>
    <message>
        <source>1 infinite value</source>
        <translation>1 个无穷大的值</translation>
    </message>
    <message>
        <source>{} infinite values</source>
        <translation>{} 个无穷大的值</translation>
    </message>
    <message>
        <source>contains {}, first at {}</source>
        <translation>含有{}，首个位于 {}</translation>
    </message>
    <message>
        <source>contains {} NaN, first at {}</source>
        <translation>含有 {} 个 NaN，首个位于 {}</translation>
    </message>
    <message>
        <source>contains {} NaN and {}, first at {}</source>
        <translation>含有 {} 个 NaN 和{}，首个位于 {}</translation>
    </message>
    <message>
        <source>{}, but a stored scale is not finite</source>
        <translation>{}，但存储的一个缩放因子不是有限数</translation>
    </message>
    <message>
        <source>{}, but {}</source>
        <translation>{}，但{}</translation>
    </message>
    <message>
        <source>is empty</source>
        <translation>是空的</translation>
    </message>
    <message>
        <source>has a scale that is not finite in {}</source>
        <translation>有一个缩放因子在 {} 中不是有限数</translation>
    </message>
    <message>
        <source>layer {}</source>
        <translation>层 {}</translation>
    </message>
    <message>
        <source>1 scale was {}</source>
        <translation>1 个缩放因子{}</translation>
    </message>
    <message>
        <source>{} scales were {}</source>
        <translation>{} 个缩放因子{}</translation>
    </message>
    <message>
        <source>1 scale underflows in {}</source>
        <translation>1 个缩放因子在 {} 中下溢</translation>
    </message>
    <message>
        <source>{} scales underflow in {}</source>
        <translation>{} 个缩放因子在 {} 中下溢</translation>
    </message>
    <message>
        <source>1 weight is too small for float32 and lost: it counts as 0</source>
        <translation>1 个权重小到 float32 无法表示而丢失：按 0 计</translation>
    </message>
    <message>
        <source>{} weights are too small for float32 and lost: they count as 0</source>
        <translation>{} 个权重小到 float32 无法表示而丢失：按 0 计</translation>
    </message>
    <message>
        <source>a dequantized value overflows float32, so there are no error metrics</source>
        <translation>一个反量化值超出 float32 的范围，因此没有误差指标</translation>
    </message>
    <message>
        <source>1 stored scale is 0</source>
        <translation>存储的 1 个缩放因子是 0</translation>
    </message>
    <message>
        <source>{} stored scales are 0</source>
        <translation>存储的 {} 个缩放因子是 0</translation>
    </message>
    <message>
        <source>1 stored scale is negative</source>
        <translation>存储的 1 个缩放因子是负数</translation>
    </message>
    <message>
        <source>{} stored scales are negative</source>
        <translation>存储的 {} 个缩放因子是负数</translation>
    </message>
    <message>
        <source>matrix {} of its {} has a relative error of {} %</source>
        <translation>矩阵 {}（共 {} 个）的相对误差为 {} %</translation>
    </message>
    <message>
        <source>label {} of sample {} is outside 0…{} (the network has {} outputs)</source>
        <translation>标签 {}（样本 {}）不在 0…{} 之内（网络有 {} 个输出）</translation>
    </message>
    <message>
        <source>not asked for</source>
        <translation>未要求</translation>
    </message>
    <message>
        <source>{} samples from the file</source>
        <translation>文件中的 {} 个样本</translation>
    </message>
    <message>
        <source>{} samples N(0, 1), seed {}</source>
        <translation>{} 个样本，N(0, 1)，种子 {}</translation>
    </message>
    <message>
        <source>inputs of a chain of layers must be one array of floats (f4, f8), [samples, in]</source>
        <translation>层链的输入必须是一个浮点数组（f4、f8），形状为 [样本, 输入]</translation>
    </message>
    <message>
        <source>inputs have {} features, but the first layer &apos;{}&apos; takes {}</source>
        <translation>输入有 {} 个特征，但第一层“{}”需要 {} 个</translation>
    </message>
    <message>
        <source>running the network</source>
        <translation>正在运行网络</translation>
    </message>
    <message>
        <source>the file&apos;s own samples cannot be fed: {}</source>
        <translation>无法使用文件自带的样本：{}</translation>
    </message>
    <message>
        <source>{} takes about {} GFLOP, more than is run without being asked</source>
        <translation>{}约需 {} GFLOP，超过不经询问就运行的限度</translation>
    </message>
    <message>
        <source>layer &apos;{}&apos; has {} weights; networks are run with at most {} weights in a layer</source>
        <translation>层“{}”有 {} 个权重；只运行每层不超过 {} 个权重的网络</translation>
    </message>
    <message>
        <source>layer &apos;{}&apos; {}, so the network&apos;s output would not be finite</source>
        <translation>层“{}”{}，因此网络的输出不会是有限数</translation>
    </message>
    <message>
        <source>running the network with {} samples would hold {} MiB of activations; at most {} MiB are held</source>
        <translation>用 {} 个样本运行网络要保存 {} MiB 的激活值；最多保存 {} MiB</translation>
    </message>
    <message>
        <source>the network cannot be run: {}</source>
        <translation>无法运行网络：{}</translation>
    </message>
    <message>
        <source>{}; free dimensions were taken as {}; other sizes may fit</source>
        <translation>{}；自由维度取为 {}；其他大小也许合适</translation>
    </message>
    <message>
        <source>no layer is used by the network {}</source>
        <translation>网络没有用到任何层：{}</translation>
    </message>
    <message>
        <source>the network {}: {}</source>
        <translation>网络{}：{}</translation>
    </message>
    <message>
        <source>{}; no quantized layer takes the {} features of the inputs</source>
        <translation>{}；没有哪个量化的层接受输入的 {} 个特征</translation>
    </message>
    <message>
        <source>feeding the layers</source>
        <translation>正在向各层送入数据</translation>
    </message>
    <message>
        <source>the layer is not part of the network that was run</source>
        <translation>该层不属于所运行的网络</translation>
    </message>
    <message>
        <source>{}; {}</source>
        <translation>{}；{}</translation>
    </message>
    <message>
        <source>there is nothing to compare the error with</source>
        <translation>没有可供比较误差的对象</translation>
    </message>
    <message>
        <source>the weights have no error that is a finite number</source>
        <translation>权重的误差不是有限数</translation>
    </message>
    <message>
        <source>codes with scales along axis {} of {} cannot be read along axis {}</source>
        <translation>缩放因子沿轴 {}（共 {} 个轴）的量化码无法沿轴 {} 读取</translation>
    </message>
    <message>
        <source>rows of {} values cannot follow rows of {} values</source>
        <translation>{} 个数值的行不能接在 {} 个数值的行之后</translation>
    </message>
    <message>
        <source>{}; the rows of each head of {} stand in another order</source>
        <translation>{}；{} 的每个头的行按另一种顺序排列</translation>
    </message>
    <message>
        <source>this part does not belong to the layer</source>
        <translation>这一部分不属于该层</translation>
    </message>
    <message>
        <source>its codes are of a kind of their own</source>
        <translation>它的量化码有自己特殊的形式</translation>
    </message>
    <message>
        <source>the same name without &apos;.weight&apos;</source>
        <translation>名称相同，只是没有“.weight”</translation>
    </message>
    <message>
        <source>the same name without {}</source>
        <translation>名称相同，只是没有 {}</translation>
    </message>
    <message>
        <source>the map names {}, which the {} does not hold</source>
        <translation>对应表中有 {}，但{}中没有它</translation>
    </message>
    <message>
        <source>candidate</source>
        <translation>候选文件</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>参照文件</translation>
    </message>
    <message>
        <source>the map names {} twice, or it is a part of other weights</source>
        <translation>对应表中 {} 出现了两次，或者它是其他权重的一部分</translation>
    </message>
    <message>
        <source>the map says so</source>
        <translation>对应表如此规定</translation>
    </message>
    <message>
        <source>one of the files keeps these weights under another name</source>
        <translation>其中一个文件以另一个名称保存这些权重</translation>
    </message>
    <message>
        <source>the same name behind {}</source>
        <translation>{} 之后的名称相同</translation>
    </message>
    <message>
        <source>no other weights of this shape are like them</source>
        <translation>没有其他同样形状的权重与之相似</translation>
    </message>
    <message>
        <source>line {} is no pair, expected &apos;reference = candidate&apos;</source>
        <translation>第 {} 行不是一对名称，应为“参照 = 候选”</translation>
    </message>
    <message>
        <source>files below /dev and /proc belong to the system</source>
        <translation>/dev 和 /proc 下的文件属于系统</translation>
    </message>
    <message>
        <source>the name leads through more than {} links</source>
        <translation>名称经过了超过 {} 层链接</translation>
    </message>
    <message>
        <source>no file can be made in the folder {}</source>
        <translation>无法在文件夹 {} 中创建文件</translation>
    </message>
    <message>
        <source>the folder {} does not exist</source>
        <translation>文件夹 {} 不存在</translation>
    </message>
    <message>
        <source>{} is not a folder</source>
        <translation>{} 不是文件夹</translation>
    </message>
    <message>
        <source>no permission to write into the folder {}</source>
        <translation>没有写入文件夹 {} 的权限</translation>
    </message>
    <message>
        <source>the folder {} is on a read-only file system</source>
        <translation>文件夹 {} 位于只读文件系统上</translation>
    </message>
    <message>
        <source>no space left in the folder {} for {} bytes</source>
        <translation>文件夹 {} 没有 {} 字节的剩余空间</translation>
    </message>
    <message>
        <source>the disk quota in the folder {} does not allow {} bytes</source>
        <translation>文件夹 {} 的磁盘配额不允许 {} 字节</translation>
    </message>
    <message>
        <source>{} bytes are more than a file in the folder {} may have</source>
        <translation>{} 字节超过了文件夹 {} 中单个文件的上限</translation>
    </message>
    <message>
        <source>the file exists already</source>
        <translation>文件已经存在</translation>
    </message>
    <message>
        <source>the target exists and is not a regular file</source>
        <translation>目标已存在，且不是普通文件</translation>
    </message>
    <message>
        <source>no file can be made</source>
        <translation>无法创建文件</translation>
    </message>
    <message>
        <source>no random name can be made</source>
        <translation>无法生成随机名称</translation>
    </message>
    <message>
        <source>no space can be reserved</source>
        <translation>无法预留空间</translation>
    </message>
    <message>
        <source>writing failed</source>
        <translation>写入失败</translation>
    </message>
    <message>
        <source>reading back failed</source>
        <translation>读回失败</translation>
    </message>
    <message>
        <source>flushing failed</source>
        <translation>刷新到磁盘失败</translation>
    </message>
    <message>
        <source>the file cannot be given its name</source>
        <translation>无法给文件命名</translation>
    </message>
    <message>
        <source>another program has replaced or removed the file that was just written</source>
        <translation>另一个程序替换或删除了刚写好的文件</translation>
    </message>
    <message>
        <source>the written file cannot be opened</source>
        <translation>无法打开写好的文件</translation>
    </message>
    <message>
        <source>the written file has {} bytes instead of {}</source>
        <translation>写好的文件有 {} 字节，应为 {} 字节</translation>
    </message>
    <message>
        <source>the written file differs from what was written, in the {} bytes from byte {} on</source>
        <translation>写好的文件与所写内容不同，差异在 {} 字节之中，起始字节 {}</translation>
    </message>
    <message>
        <source>not enough memory to read the file</source>
        <translation>内存不足，无法读取文件</translation>
    </message>
    <message>
        <source>not enough memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>the file does not exist</source>
        <translation>文件不存在</translation>
    </message>
    <message>
        <source>no permission to read the file</source>
        <translation>没有读取文件的权限</translation>
    </message>
    <message>
        <source>not a regular file</source>
        <translation>不是普通文件</translation>
    </message>
    <message>
        <source>too many files are open</source>
        <translation>打开的文件过多</translation>
    </message>
    <message>
        <source>the file cannot be opened: {}</source>
        <translation>无法打开文件：{}</translation>
    </message>
    <message>
        <source>not a file but a folder</source>
        <translation>不是文件而是文件夹</translation>
    </message>
    <message>
        <source>there are no {} bytes from byte {} on, the file has {}</source>
        <translation>没有 {} 字节（起始字节 {}），文件只有 {} 字节</translation>
    </message>
    <message>
        <source>{} bytes from byte {} on cannot be read: {}</source>
        <translation>无法读取 {} 字节（起始字节 {}）：{}</translation>
    </message>
    <message>
        <source>file changed while it was read: it had {} bytes and has {} now</source>
        <translation>文件在读取期间发生了变化：原来有 {} 字节，现在有 {} 字节</translation>
    </message>
    <message>
        <source>file changed while it was read</source>
        <translation>文件在读取期间发生了变化</translation>
    </message>
    <message>
        <source>{} ({})</source>
        <translation>{} ({})</translation>
    </message>
    <message>
        <source>no temporary file can be made: {}</source>
        <translation>无法创建临时文件：{}</translation>
    </message>
    <message>
        <source>{} bytes cannot be added to the {} of a temporary file: {}</source>
        <translation>{} 字节无法加到临时文件的 {} 字节之后：{}</translation>
    </message>
    <message>
        <source>{} bytes cannot be written at byte {} of a temporary file: {}</source>
        <translation>{} 字节无法写入临时文件的字节 {} 处：{}</translation>
    </message>
    <message>
        <source>stopped on request</source>
        <translation>已按要求停止</translation>
    </message>
    <message>
        <source>the network has no free dimension {}; it has: {}</source>
        <translation>网络没有自由维度 {}；它有：{}</translation>
    </message>
    <message>
        <source>the network has no inputs</source>
        <translation>网络没有输入</translation>
    </message>
    <message>
        <source>the network has no input {}; it has {}</source>
        <translation>网络没有输入 {}；它有 {}</translation>
    </message>
    <message>
        <source>input {} takes no numbers but {}</source>
        <translation>输入 {} 接受的不是数值，而是{}</translation>
    </message>
    <message>
        <source>the shape of input {} is not known; feed it an array</source>
        <translation>输入 {} 的形状未知；请送入一个数组</translation>
    </message>
    <message>
        <source>axis {} of input {} has {} elements</source>
        <translation>轴 {}（输入 {}）有 {} 个元素</translation>
    </message>
    <message>
        <source>input {} is a single whole number; say which</source>
        <translation>输入 {} 是单个整数；请指定它的值</translation>
    </message>
    <message>
        <source>input {} holds whole numbers, and nothing tells which; feed it an array</source>
        <translation>输入 {} 是整数，但无从得知是哪些；请送入一个数组</translation>
    </message>
    <message>
        <source>the arrays hold {} and {} samples</source>
        <translation>各数组分别有 {} 和 {} 个样本</translation>
    </message>
    <message>
        <source>{} samples are asked for; from 1 to {} can be fed</source>
        <translation>要求 {} 个样本；可以送入 1 到 {} 个</translation>
    </message>
    <message>
        <source>{} labels for {} samples; there must be one for each</source>
        <translation>{} 个标签对应 {} 个样本；每个样本必须有一个标签</translation>
    </message>
    <message>
        <source>1 sample from {}: {}</source>
        <translation>1 个样本，来自 {}：{}</translation>
    </message>
    <message>
        <source>{} samples from {}: {}</source>
        <translation>{} 个样本，来自 {}：{}</translation>
    </message>
    <message>
        <source>{} random texts, seed {}: {}; random inputs find the bad layer, but say nothing of accuracy</source>
        <translation>{} 段随机文本，种子 {}：{}；随机输入能找出有问题的层，但不能说明准确率</translation>
    </message>
    <message>
        <source>{} random samples, seed {}: {}; random inputs find the bad layer, but say nothing of accuracy</source>
        <translation>{} 个随机样本，种子 {}：{}；随机输入能找出有问题的层，但不能说明准确率</translation>
    </message>
    <message>
        <source>the file holds {} arrays; one is expected for the input {}</source>
        <translation>文件中有 {} 个数组；输入 {} 需要一个</translation>
    </message>
    <message>
        <source>sample {} has a value that is not finite at feature {}; inputs must be finite</source>
        <translation>样本 {} 在特征 {} 处的值不是有限数；输入必须是有限数</translation>
    </message>
    <message>
        <source>labels must be whole numbers</source>
        <translation>标签必须是整数</translation>
    </message>
    <message>
        <source>label {} is above 2^63 - 1</source>
        <translation>标签 {} 大于 2^63 - 1</translation>
    </message>
    <message>
        <source>inputs have shape [{}, {}]; at least one sample and one feature are needed</source>
        <translation>输入的形状是 [{}, {}]；至少需要一个样本和一个特征</translation>
    </message>
    <message>
        <source>1 sample from {}</source>
        <translation>1 个样本，来自 {}</translation>
    </message>
    <message>
        <source>{} samples from {}</source>
        <translation>{} 个样本，来自 {}</translation>
    </message>
    <message>
        <source>{}, labels from {}</source>
        <translation>{}，标签来自 {}</translation>
    </message>
    <message>
        <source>random tokens below {}, seed {}</source>
        <translation>小于 {} 的随机词元，种子 {}</translation>
    </message>
    <message>
        <source>positions in order</source>
        <translation>依次排列的位置</translation>
    </message>
    <message>
        <source>zeros</source>
        <translation>全零</translation>
    </message>
    <message>
        <source>N(0, 1), seed {}</source>
        <translation>N(0, 1)，种子 {}</translation>
    </message>
    <message>
        <source>ones</source>
        <translation>全一</translation>
    </message>
    <message>
        <source>input {} takes floats, and the array holds whole numbers</source>
        <translation>输入 {} 需要浮点数，但数组中是整数</translation>
    </message>
    <message>
        <source>input {} takes whole numbers, and the array holds floats</source>
        <translation>输入 {} 需要整数，但数组中是浮点数</translation>
    </message>
    <message>
        <source>input {} takes the shape {}, and the array has {}</source>
        <translation>输入 {} 需要形状 {}，但数组的形状是 {}</translation>
    </message>
    <message>
        <source>running the network takes long</source>
        <translation>运行网络耗时很长</translation>
    </message>
    <message>
        <source>running the network with each layer alone takes longer than is done without being asked</source>
        <translation>逐层单独运行网络的耗时超过不经询问就运行的限度</translation>
    </message>
    <message>
        <source>it holds no floats, or its shape depends on the weights</source>
        <translation>它不含浮点数，或者它的形状取决于权重</translation>
    </message>
    <message>
        <source>the float network&apos;s output is zero for every sample</source>
        <translation>浮点网络对每个样本的输出都是零</translation>
    </message>
    <message>
        <source>an output is not finite</source>
        <translation>有一个输出不是有限数</translation>
    </message>
    <message>
        <source>node {} uses the attribute {} of operator {}, which is not supported</source>
        <translation>节点 {} 使用了属性 {}（算子 {}），尚不支持</translation>
    </message>
    <message>
        <source>node {} has {} inputs, more than operator {} has</source>
        <translation>节点 {} 有 {} 个输入，多于算子 {} 所允许的</translation>
    </message>
    <message>
        <source>node {} uses operator {} (opset {}), which is not supported</source>
        <translation>节点 {} 使用了算子 {}（opset {}），尚不支持</translation>
    </message>
    <message>
        <source>{}; {} more: {}</source>
        <translation>{}；还有 {} 个：{}</translation>
    </message>
    <message>
        <source>input {} is missing</source>
        <translation>缺少输入 {}</translation>
    </message>
    <message>
        <source>input {} is of type {}, which the operator does not take</source>
        <translation>输入 {} 的类型是 {}，该算子不接受</translation>
    </message>
    <message>
        <source>node {}, {}, inputs {}</source>
        <translation>节点 {}，{}，输入 {}</translation>
    </message>
    <message>
        <source>output {} of the operator is not supported</source>
        <translation>不支持该算子的输出 {}</translation>
    </message>
    <message>
        <source>{} heads do not fit the shape {}</source>
        <translation>{} 个头与形状 {} 不符</translation>
    </message>
    <message>
        <source>a mask of shape {} does not fit {}</source>
        <translation>形状为 {} 的掩码与 {} 不符</translation>
    </message>
    <message>
        <source>queries, keys and values do not fit each other</source>
        <translation>查询、键和值彼此不符</translation>
    </message>
    <message>
        <source>position {} is not among {}</source>
        <translation>位置 {} 不在 {} 之中</translation>
    </message>
    <message>
        <source>a table {} of cosines does not fit {} positions and heads of {}</source>
        <translation>余弦表 {} 与 {} 个位置和大小为 {} 的头不符</translation>
    </message>
    <message>
        <source>the shapes do not fit each other</source>
        <translation>各形状彼此不符</translation>
    </message>
    <message>
        <source>the condition has {} elements; one is expected</source>
        <translation>条件有 {} 个元素；应为一个</translation>
    </message>
    <message>
        <source>the node has no {}</source>
        <translation>该节点没有 {}</translation>
    </message>
    <message>
        <source>{} numbers are added to {} channels</source>
        <translation>{} 个数要加到 {} 个通道上</translation>
    </message>
    <message>
        <source>weights have {} axes; at least 3 are expected</source>
        <translation>权重有 {} 个轴；至少应有 3 个</translation>
    </message>
    <message>
        <source>weights are for windows {}, but kernel_shape says {}</source>
        <translation>权重适用于窗口 {}，但 kernel_shape 为 {}</translation>
    </message>
    <message>
        <source>{} channels and {} filters do not fit {} groups</source>
        <translation>{} 个通道和 {} 个滤波器不能分为 {} 组</translation>
    </message>
    <message>
        <source>{} channels per group are expected, but there are {}</source>
        <translation>每组应有 {} 个通道，但实际有 {} 个</translation>
    </message>
    <message>
        <source>windows of this padding and these strides are not possible in any memory</source>
        <translation>任何内存都容不下这样填充和步幅的窗口</translation>
    </message>
    <message>
        <source>{} channels are expected, but there are {}</source>
        <translation>应有 {} 个通道，但实际有 {} 个</translation>
    </message>
    <message>
        <source>one input is of floats, the other of integers</source>
        <translation>一个输入是浮点数，另一个是整数</translation>
    </message>
    <message>
        <source>an input is missing</source>
        <translation>缺少一个输入</translation>
    </message>
    <message>
        <source>fmod is 0 for floats</source>
        <translation>对浮点数 fmod 是 0</translation>
    </message>
    <message>
        <source>one choice is of floats, the other of integers</source>
        <translation>一个选项是浮点数，另一个是整数</translation>
    </message>
    <message>
        <source>{} has {} numbers; {} are expected</source>
        <translation>{} 有 {} 个数；应为 {} 个</translation>
    </message>
    <message>
        <source>{} has the number {}</source>
        <translation>{} 含有数 {}</translation>
    </message>
    <message>
        <source>windows of {} axes over the shape {} are not supported</source>
        <translation>不支持 {} 个轴的窗口作用于形状 {}</translation>
    </message>
    <message>
        <source>a window of {} over {} elements is not supported</source>
        <translation>不支持大小为 {} 的窗口作用于 {} 个元素</translation>
    </message>
    <message>
        <source>paddings {} are not supported</source>
        <translation>不支持填充 {}</translation>
    </message>
    <message>
        <source>a window of {} does not fit {} elements</source>
        <translation>大小为 {} 的窗口不适合 {} 个元素</translation>
    </message>
    <message>
        <source>output_shape has {} numbers; {} are expected</source>
        <translation>output_shape 有 {} 个数；应为 {} 个</translation>
    </message>
    <message>
        <source>an output of {} elements is not possible</source>
        <translation>不可能有 {} 个元素的输出</translation>
    </message>
    <message>
        <source>index {} is outside an axis of {}</source>
        <translation>下标 {} 超出了长度为 {} 的轴</translation>
    </message>
    <message>
        <source>indices do not fit the shape {}</source>
        <translation>下标与形状 {} 不符</translation>
    </message>
    <message>
        <source>the reduction {} is not supported</source>
        <translation>不支持归约方式 {}</translation>
    </message>
    <message>
        <source>indices and updates do not fit the shape {}</source>
        <translation>下标和更新值与形状 {} 不符</translation>
    </message>
    <message>
        <source>there are no {} axes of batches</source>
        <translation>没有 {} 个批次轴</translation>
    </message>
    <message>
        <source>updates do not fit the shape {}</source>
        <translation>更新值与形状 {} 不符</translation>
    </message>
    <message>
        <source>the value to fill with is missing</source>
        <translation>缺少填充值</translation>
    </message>
    <message>
        <source>values of type {} cannot be computed with</source>
        <translation>类型为 {} 的值无法用于计算</translation>
    </message>
    <message>
        <source>there is no range from {} to {} in steps of {}</source>
        <translation>不存在从 {} 到 {}、步长为 {} 的区间</translation>
    </message>
    <message>
        <source>a matrix is expected</source>
        <translation>应为矩阵</translation>
    </message>
    <message>
        <source>the new shape is missing</source>
        <translation>缺少新的形状</translation>
    </message>
    <message>
        <source>the new shape {} leaves two sizes open</source>
        <translation>新的形状 {} 有两个大小未定</translation>
    </message>
    <message>
        <source>the shape {} does not become {}</source>
        <translation>形状 {} 不能变为 {}</translation>
    </message>
    <message>
        <source>there is no axis {} among {}</source>
        <translation>没有轴 {}（共 {} 个轴）</translation>
    </message>
    <message>
        <source>the axes are missing</source>
        <translation>缺少轴</translation>
    </message>
    <message>
        <source>the order names {} axes of {}</source>
        <translation>次序给出了 {} 个轴，实际有 {} 个</translation>
    </message>
    <message>
        <source>parts of shapes {} and {} cannot be put together</source>
        <translation>形状为 {} 和 {} 的部分无法拼接</translation>
    </message>
    <message>
        <source>the parts {} do not make {}</source>
        <translation>各部分 {} 不能合成 {}</translation>
    </message>
    <message>
        <source>the step of a slice is {}</source>
        <translation>切片的步长是 {}</translation>
    </message>
    <message>
        <source>starts, ends and steps of the slice differ in number</source>
        <translation>切片的起点、终点和步长数目不同</translation>
    </message>
    <message>
        <source>the shape {} is not possible</source>
        <translation>形状 {} 是不可能的</translation>
    </message>
    <message>
        <source>{} repetitions are given for {} axes</source>
        <translation>给出了 {} 个重复次数，对应 {} 个轴</translation>
    </message>
    <message>
        <source>an axis of {} cannot be repeated {} times</source>
        <translation>长度为 {} 的轴不能重复 {} 次</translation>
    </message>
    <message>
        <source>a block of {} does not fit the shape</source>
        <translation>大小为 {} 的块与形状不符</translation>
    </message>
    <message>
        <source>element type {} is not supported</source>
        <translation>不支持元素类型 {}</translation>
    </message>
    <message>
        <source>the node is set to training</source>
        <translation>该节点设为训练模式</translation>
    </message>
    <message>
        <source>a shape [batch, channels, …] is expected</source>
        <translation>应为形状 [批次, 通道, …]</translation>
    </message>
    <message>
        <source>{} numbers are given for {} channels</source>
        <translation>给出了 {} 个数，对应 {} 个通道</translation>
    </message>
    <message>
        <source>{} groups do not fit {} channels</source>
        <translation>{} 个组与 {} 个通道不符</translation>
    </message>
    <message>
        <source>{} numbers are given for {} elements</source>
        <translation>给出了 {} 个数，对应 {} 个元素</translation>
    </message>
    <message>
        <source>the size {} of the neighbourhood is not possible</source>
        <translation>邻域的大小 {} 是不可能的</translation>
    </message>
    <message>
        <source>{} paddings are given for {} axes</source>
        <translation>给出了 {} 个填充，对应 {} 个轴</translation>
    </message>
    <message>
        <source>paddings {} do not fit the shape</source>
        <translation>填充 {} 与形状不符</translation>
    </message>
    <message>
        <source>the mode {} of padding is not supported</source>
        <translation>不支持填充方式 {}</translation>
    </message>
    <message>
        <source>an empty axis has no elements to pad with</source>
        <translation>空轴没有可用于填充的元素</translation>
    </message>
    <message>
        <source>kernel_shape is missing</source>
        <translation>缺少 kernel_shape</translation>
    </message>
    <message>
        <source>{} columns cannot be multiplied with {} rows</source>
        <translation>{} 列不能与 {} 行相乘</translation>
    </message>
    <message>
        <source>single numbers cannot be multiplied as matrices</source>
        <translation>单个数不能作为矩阵相乘</translation>
    </message>
    <message>
        <source>shapes {} and {} do not fit each other</source>
        <translation>形状 {} 和 {} 彼此不符</translation>
    </message>
    <message>
        <source>matrices are expected</source>
        <translation>应为矩阵</translation>
    </message>
    <message>
        <source>{} has the shape {}; {} is expected</source>
        <translation>{} 的形状是 {}；应为 {}</translation>
    </message>
    <message>
        <source>three axes are expected</source>
        <translation>应有三个轴</translation>
    </message>
    <message>
        <source>the layout or the coupled gates of the node are not supported</source>
        <translation>不支持该节点的布局或耦合门</translation>
    </message>
    <message>
        <source>the size {} of the state does not fit the weights</source>
        <translation>状态的大小 {} 与权重不符</translation>
    </message>
    <message>
        <source>sequences of different lengths are not supported</source>
        <translation>不支持长度不同的序列</translation>
    </message>
    <message>
        <source>the activation {} is not supported</source>
        <translation>不支持激活函数 {}</translation>
    </message>
    <message>
        <source>an empty axis has no largest element</source>
        <translation>空轴没有最大元素</translation>
    </message>
    <message>
        <source>an axis of {} has no {} elements</source>
        <translation>长度为 {} 的轴没有 {} 个元素</translation>
    </message>
    <message>
        <source>the mode {} is not supported</source>
        <translation>不支持模式 {}</translation>
    </message>
    <message>
        <source>the coordinates {} are not supported</source>
        <translation>不支持坐标方式 {}</translation>
    </message>
    <message>
        <source>antialiasing is not supported</source>
        <translation>不支持抗锯齿</translation>
    </message>
    <message>
        <source>{} scales are given for {} axes</source>
        <translation>给出了 {} 个缩放比例，对应 {} 个轴</translation>
    </message>
    <message>
        <source>the scale {} is not possible</source>
        <translation>缩放比例 {} 是不可能的</translation>
    </message>
    <message>
        <source>{} sizes are given for {} axes</source>
        <translation>给出了 {} 个大小，对应 {} 个轴</translation>
    </message>
    <message>
        <source>an axis of {} does not become {}</source>
        <translation>长度为 {} 的轴不能变为 {}</translation>
    </message>
    <message>
        <source>scales and sizes are missing</source>
        <translation>缺少缩放比例和大小</translation>
    </message>
    <message>
        <source>there are {} zero points, but {} scales</source>
        <translation>有 {} 个零点，但有 {} 个缩放因子</translation>
    </message>
    <message>
        <source>scales of shape {} do not fit {}</source>
        <translation>形状为 {} 的缩放因子与 {} 不符</translation>
    </message>
    <message>
        <source>codes of type {} are not supported</source>
        <translation>不支持类型为 {} 的量化码</translation>
    </message>
    <message>
        <source>codes of floating point are not supported</source>
        <translation>不支持浮点类型的量化码</translation>
    </message>
    <message>
        <source>axis {} stands there twice</source>
        <translation>轴 {} 出现了两次</translation>
    </message>
    <message>
        <source>a value has shape {}; a single number is expected</source>
        <translation>有一个值的形状是 {}；应为单个数</translation>
    </message>
    <message>
        <source>{} is no whole number in 63 bits</source>
        <translation>{} 不是 63 位之内的整数</translation>
    </message>
    <message>
        <source>a value has shape {}; a list of integers is expected</source>
        <translation>有一个值的形状是 {}；应为整数列表</translation>
    </message>
    <message>
        <source>node {} takes a value that is made behind it</source>
        <translation>节点 {} 用到了在它之后才产生的值</translation>
    </message>
    <message>
        <source>an axis of size {} is too long</source>
        <translation>长度为 {} 的轴过长</translation>
    </message>
    <message>
        <source>{} bytes of memory are needed beside {} in use; {} are allowed</source>
        <translation>需要 {} 字节内存，已用 {}；上限为 {}</translation>
    </message>
    <message>
        <source>a value of shape {} is not possible in any memory</source>
        <translation>任何内存都容不下形状为 {} 的值</translation>
    </message>
    <message>
        <source>the system has no {} bytes of memory left</source>
        <translation>系统没有 {} 字节的剩余内存</translation>
    </message>
    <message>
        <source>the shape {} does not hold the elements of the shape {}</source>
        <translation>形状 {} 的元素数与形状 {} 不同</translation>
    </message>
    <message>
        <source>the header would take {} bytes; safetensors allows {}</source>
        <translation>文件头需要 {} 字节；safetensors 允许 {}</translation>
    </message>
    <message>
        <source>a PyTorch archive cannot hold tensors of type {}</source>
        <translation>PyTorch 归档不能存放类型为 {} 的张量</translation>
    </message>
    <message>
        <source>tensor &apos;{}&apos;</source>
        <translation>张量“{}”</translation>
    </message>
    <message>
        <source>tensors of type {} cannot be stored in this format; the format {} decodes quantized layers</source>
        <translation>类型为 {} 的张量不能以这种格式存储；格式 {} 会把量化的层解码</translation>
    </message>
    <message>
        <source>tensors of type {} cannot be stored in this format</source>
        <translation>类型为 {} 的张量不能以这种格式存储</translation>
    </message>
    <message>
        <source>tensor {}</source>
        <translation>张量 {}</translation>
    </message>
    <message>
        <source>the shape {} of {} is not a whole number of bytes, as this format wants</source>
        <translation>形状 {}（{}）不是整数个字节，而这种格式要求整字节</translation>
    </message>
    <message>
        <source>the name is that of the zero points of a quantized layer; exclude the layer</source>
        <translation>这个名称是某个量化层的零点的名称；请排除该层</translation>
    </message>
    <message>
        <source>codes below 8 bits take one byte each in this format</source>
        <translation>在这种格式中，低于 8 比特的量化码各占一个字节</translation>
    </message>
    <message>
        <source>a header of {} codes is more than compilers take, the limit is {}</source>
        <translation>含 {} 个量化码的头文件超出编译器的承受能力，上限是 {}</translation>
    </message>
    <message>
        <source>the header has no scales for each matrix of a stack</source>
        <translation>头文件不能为堆叠中的每个矩阵存放缩放因子</translation>
    </message>
    <message>
        <source>the header holds one scale per channel or tensor, and zero points; layer &apos;{}&apos; is {}</source>
        <translation>头文件为每个通道或每个张量存放一个缩放因子和零点；层“{}”是 {}</translation>
    </message>
    <message>
        <source>use one scale per channel</source>
        <translation>请使用逐通道的缩放因子</translation>
    </message>
    <message>
        <source>only quantized layers are in the file, no biases and no layers in float</source>
        <translation>文件中只有量化的层，没有偏置，也没有保持浮点的层</translation>
    </message>
    <message>
        <source>C header: int8 codes, scales and zero points as arrays; C11 and C++17</source>
        <translation>C 头文件：以数组存放 int8 量化码、缩放因子和零点；适用于 C11 和 C++17</translation>
    </message>
    <message>
        <source>compilers of C and C++</source>
        <translation>C 和 C++ 编译器</translation>
    </message>
    <message>
        <source>float weights again: this file is not smaller</source>
        <translation>仍是浮点权重：这个文件不会变小</translation>
    </message>
    <message>
        <source>float: dequantized weights in their own type, for any pipeline</source>
        <translation>浮点：以原有类型存放反量化权重，可用于任何流程</translation>
    </message>
    <message>
        <source>whatever reads the source; safetensors in any language</source>
        <translation>凡能读取源文件的程序；任何语言的 safetensors</translation>
    </message>
    <message>
        <source>its rows of {} weights are not made of whole blocks of {}</source>
        <translation>它的行有 {} 个权重，不能分成完整的 {} 个一块</translation>
    </message>
    <message>
        <source>no type of GGUF holds layer &apos;{}&apos; as {}</source>
        <translation>GGUF 没有能以此方案存放层“{}”的类型：{}</translation>
    </message>
    <message>
        <source>use the nearest convention, {}</source>
        <translation>请使用最接近的约定 {}</translation>
    </message>
    <message>
        <source>llama.cpp also rounds activations to 8 bits, so its outputs differ from those of these weights</source>
        <translation>llama.cpp 还会把激活值舍入到 8 比特，因此它的输出与这些权重的输出有所不同</translation>
    </message>
    <message>
        <source>the {} parts of the model become one file</source>
        <translation>模型的 {} 个部分合成一个文件</translation>
    </message>
    <message>
        <source>llama.cpp and what is built on it</source>
        <translation>llama.cpp 及以它为基础的程序</translation>
    </message>
    <message>
        <source>a GGUF file can be made of a GGUF file only</source>
        <translation>GGUF 文件只能由 GGUF 文件生成</translation>
    </message>
    <message>
        <source>big-endian GGUF files are not written</source>
        <translation>不写入大端序的 GGUF 文件</translation>
    </message>
    <message>
        <source>gpt-fast holds symmetric 8-bit codes per channel with its own names only; layer &apos;{}&apos; is stored as {}, {}</source>
        <translation>gpt-fast 只以自己的名称存放逐通道的对称 8 比特量化码；层“{}”存为 {}，{}</translation>
    </message>
    <message>
        <source>gpt-fast holds Linear layers of rank 2 only</source>
        <translation>gpt-fast 只存放二维的线性层</translation>
    </message>
    <message>
        <source>gpt-fast stores scales in the weights&apos; own type, {}, not in {}; layer &apos;{}&apos;</source>
        <translation>gpt-fast 以权重自身的类型 {} 存放缩放因子，而不是 {}；层“{}”</translation>
    </message>
    <message>
        <source>gpt-fast holds symmetric 8-bit codes per channel on axis 0 only; layer &apos;{}&apos; is {} on axis {}</source>
        <translation>gpt-fast 只存放沿轴 0 逐通道的对称 8 比特量化码；层“{}”是 {}，沿轴 {}</translation>
    </message>
    <message>
        <source>the model&apos;s samples are left out: a state dict holds parameters only</source>
        <translation>模型的样本不写入：状态字典只存放参数</translation>
    </message>
    <message>
        <source>gpt-fast: int8 weight-only state dict; symmetric, 8 bits, per channel</source>
        <translation>gpt-fast：仅权重 int8 状态字典；对称，8 比特，逐通道</translation>
    </message>
    <message>
        <source>gpt-fast, PyTorch</source>
        <translation>gpt-fast、PyTorch</translation>
    </message>
    <message>
        <source>an ONNX file can be made of an ONNX file only</source>
        <translation>ONNX 文件只能由 ONNX 文件生成</translation>
    </message>
    <message>
        <source>the model uses version {} of the operators, quantized weights need {} or newer: convert the model with another tool first</source>
        <translation>模型使用的算子版本是 {}，量化权重需要 {} 或更新：请先用其他工具转换模型</translation>
    </message>
    <message>
        <source>groups need version {} of the operators, the model of layer &apos;{}&apos; uses {}</source>
        <translation>分组需要算子版本 {}，层“{}”所在的模型使用 {}</translation>
    </message>
    <message>
        <source>groups are possible for matrices only, layer &apos;{}&apos; is none</source>
        <translation>只有矩阵才能分组，层“{}”不是矩阵</translation>
    </message>
    <message>
        <source>ONNX has no scales for each matrix of a stack</source>
        <translation>ONNX 不能为堆叠中的每个矩阵存放缩放因子</translation>
    </message>
    <message>
        <source>ONNX has zero points, no offsets; layer &apos;{}&apos; is {}</source>
        <translation>ONNX 有零点，没有偏移；层“{}”是 {}</translation>
    </message>
    <message>
        <source>newer releases of ONNX Runtime also round the activations of {} of the layers to 8 bits, unless session.qdq_matmulnbits_accuracy_level is 1</source>
        <translation>较新的 ONNX Runtime 还会把其中 {} 个层的激活值舍入到 8 比特，除非 session.qdq_matmulnbits_accuracy_level 为 1</translation>
    </message>
    <message>
        <source>ONNX: int8 codes and scales, for ONNX Runtime, OpenVINO and others; from ONNX files</source>
        <translation>ONNX：int8 量化码和缩放因子，用于 ONNX Runtime、OpenVINO 等；由 ONNX 文件生成</translation>
    </message>
    <message>
        <source>ONNX Runtime, OpenVINO and others</source>
        <translation>ONNX Runtime、OpenVINO 等</translation>
    </message>
    <message>
        <source>int4 needs version {} of the operators, the model uses {}; the format {} writes int8</source>
        <translation>int4 需要算子版本 {}，模型使用 {}；格式 {} 写入 int8</translation>
    </message>
    <message>
        <source>this format holds codes of {} bits; layer &apos;{}&apos; has {}</source>
        <translation>这种格式存放 {} 比特的量化码；层“{}”是 {} 比特</translation>
    </message>
    <message>
        <source>use {} bits, or the format {}</source>
        <translation>请使用 {} 比特，或格式 {}</translation>
    </message>
    <message>
        <source>ONNX, int4: codes in blocks or per channel; from ONNX files of version 21 on</source>
        <translation>ONNX，int4：分块或逐通道的量化码；由算子版本 21 起的 ONNX 文件生成</translation>
    </message>
    <message>
        <source>ONNX Runtime from 1.20 on</source>
        <translation>ONNX Runtime 1.20 起</translation>
    </message>
    <message>
        <source>MatMulNBits stands in place of a MatMul with float32 or float16 weights</source>
        <translation>MatMulNBits 用来代替权重为 float32 或 float16 的 MatMul</translation>
    </message>
    <message>
        <source>its {} inputs are not made of whole blocks of {}</source>
        <translation>它的 {} 个输入不能分成完整的 {} 个一块</translation>
    </message>
    <message>
        <source>MatMulNBits holds 2, 4 or 8 bits in groups of 16, 32, 64, 128 or 256 without offsets; layer &apos;{}&apos; is {}</source>
        <translation>MatMulNBits 存放 2、4 或 8 比特，每组 16、32、64、128 或 256 个，没有偏移；层“{}”是 {}</translation>
    </message>
    <message>
        <source>only ONNX Runtime knows the operator MatMulNBits</source>
        <translation>只有 ONNX Runtime 认识算子 MatMulNBits</translation>
    </message>
    <message>
        <source>ONNX with MatMulNBits: products with codes of 2, 4 or 8 bits; from ONNX files</source>
        <translation>含 MatMulNBits 的 ONNX：使用 2、4 或 8 比特量化码的乘法；由 ONNX 文件生成</translation>
    </message>
    <message>
        <source>ONNX Runtime</source>
        <translation>ONNX Runtime</translation>
    </message>
    <message>
        <source>the weight is used by {}, too, where no {} can stand; exclude the layer</source>
        <translation>该权重还被 {} 使用，那里不能放 {}；请排除该层</translation>
    </message>
    <message>
        <source>the file would have {} bytes, more than the {} that an ONNX file can have</source>
        <translation>文件会有 {} 字节，超过 ONNX 文件允许的 {} 字节</translation>
    </message>
    <message>
        <source>the file changed while it was read</source>
        <translation>文件在读取期间发生了变化</translation>
    </message>
    <message>
        <source>safetensors: packed codes, scales and zero points; any scheme</source>
        <translation>safetensors：打包的量化码、缩放因子和零点；任意方案</translation>
    </message>
    <message>
        <source>Quantoscope; safetensors in any language</source>
        <translation>Quantoscope；任何语言的 safetensors</translation>
    </message>
    <message>
        <source>a script beside the file loads it</source>
        <translation>文件旁边有一个用来加载它的脚本</translation>
    </message>
    <message>
        <source>PyTorch: a state dict with packed codes of any scheme, and a script that loads it</source>
        <translation>PyTorch：任意方案的打包量化码组成的状态字典，以及加载它的脚本</translation>
    </message>
    <message>
        <source>PyTorch</source>
        <translation>PyTorch</translation>
    </message>
    <message>
        <source>{} or {}</source>
        <translation>{} 或 {}</translation>
    </message>
    <message>
        <source>format {} writes {} files</source>
        <translation>格式 {} 写入 {} 文件</translation>
    </message>
    <message>
        <source>{}, format {} writes {} files</source>
        <translation>{}，格式 {} 写入 {} 文件</translation>
    </message>
    <message>
        <source>{}, and no format writes {} files; there are {}</source>
        <translation>{}，没有格式写入 {} 文件；可用的有 {}</translation>
    </message>
    <message>
        <source>a tensor has an empty name, which no file can hold; give it a name</source>
        <translation>有一个张量的名称为空，任何文件都无法存放；请给它命名</translation>
    </message>
    <message>
        <source>a tensor is called {}, which stands for something else in this kind of file</source>
        <translation>有一个张量名为 {}，它在这类文件中另有含义</translation>
    </message>
    <message>
        <source>the name of a tensor would have {} bytes, the limit is {}</source>
        <translation>一个张量的名称会有 {} 字节，上限是 {}</translation>
    </message>
    <message>
        <source>the name is taken by a tensor of the model already</source>
        <translation>这个名称已被模型的一个张量使用</translation>
    </message>
    <message>
        <source>nothing is quantized: {} of {} layers hold codes already, and are copied</source>
        <translation>没有量化任何层：{} 个层（共 {} 个）已是量化码，原样复制</translation>
    </message>
    <message>
        <source>layer &apos;{}&apos; {}</source>
        <translation>层“{}”{}</translation>
    </message>
    <message>
        <source>layer &apos;{}&apos; is {}</source>
        <translation>层“{}”是 {}</translation>
    </message>
    <message>
        <source>allow values that are no finite numbers</source>
        <translation>请允许非有限数的值</translation>
    </message>
    <message>
        <source>the output has no name, expected the name of a file</source>
        <translation>输出没有名称，应为文件名</translation>
    </message>
    <message>
        <source>the output {}: {}</source>
        <translation>输出 {}：{}</translation>
    </message>
    <message>
        <source>the output {} is the input, choose another name</source>
        <translation>输出 {} 就是输入，请选择另一个名称</translation>
    </message>
    <message>
        <source>the output {} is a folder, expected the name of a file</source>
        <translation>输出 {} 是文件夹，应为文件名</translation>
    </message>
    <message>
        <source>the output {} exists and is not a regular file</source>
        <translation>输出 {} 已存在，且不是普通文件</translation>
    </message>
    <message>
        <source>the output {} exists already, expected a new name or permission to replace it</source>
        <translation>输出 {} 已经存在，应使用新名称或允许替换</translation>
    </message>
    <message>
        <source>the folder {} of the output does not exist</source>
        <translation>输出所在的文件夹 {} 不存在</translation>
    </message>
    <message>
        <source>a dequantized value of layer {} overflows {}; exclude the layer, or use the narrow code range</source>
        <translation>层 {} 的一个反量化值超出 {} 的范围；请排除该层，或使用受限码域</translation>
    </message>
    <message>
        <source>{}; nothing was written</source>
        <translation>{}；没有写入任何内容</translation>
    </message>
    <message>
        <source>tensor {} is missing when the file is opened again</source>
        <translation>重新打开文件时缺少张量 {}</translation>
    </message>
    <message>
        <source>tensor {} is another one when the file is opened again</source>
        <translation>重新打开文件时张量 {} 有所不同</translation>
    </message>
    <message>
        <source>layer {} is none when the file is opened again</source>
        <translation>重新打开文件时 {} 不再是层</translation>
    </message>
    <message>
        <source>layer {} has other codes or scales when the file is opened again</source>
        <translation>重新打开文件时层 {} 的量化码或缩放因子不同</translation>
    </message>
    <message>
        <source>layer {} has other values when the file is opened again</source>
        <translation>重新打开文件时层 {} 的数值不同</translation>
    </message>
    <message>
        <source>the file could not be opened again, so nothing was written: {}</source>
        <translation>文件无法重新打开，因此没有写入任何内容：{}</translation>
    </message>
    <message>
        <source>{} (and {} more)</source>
        <translation>{}（还有 {} 个）</translation>
    </message>
    <message>
        <source>checking</source>
        <translation>正在检查</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>embeddings are stored one row per entry; this one is the output layer, too</source>
        <translation>嵌入按每个条目一行存储；这一个同时也是输出层</translation>
    </message>
    <message>
        <source>the file beside the model is not used: {}</source>
        <translation>不使用模型旁边的文件：{}</translation>
    </message>
    <message>
        <source>a tar archive, perhaps a PyTorch file of 2016</source>
        <translation>tar 归档，也许是 2016 年的 PyTorch 文件</translation>
    </message>
    <message>
        <source>a Git LFS pointer: the real file was not downloaded</source>
        <translation>Git LFS 指针：真正的文件没有下载</translation>
    </message>
    <message>
        <source>an HDF5 file</source>
        <translation>HDF5 文件</translation>
    </message>
    <message>
        <source>a TensorFlow Lite model</source>
        <translation>TensorFlow Lite 模型</translation>
    </message>
    <message>
        <source>an ONNX Runtime model</source>
        <translation>ONNX Runtime 模型</translation>
    </message>
    <message>
        <source>an old ggml model</source>
        <translation>旧的 ggml 模型</translation>
    </message>
    <message>
        <source>a Python pickle</source>
        <translation>Python pickle</translation>
    </message>
    <message>
        <source>an empty ZIP archive</source>
        <translation>空的 ZIP 归档</translation>
    </message>
    <message>
        <source>a gzip archive</source>
        <translation>gzip 归档</translation>
    </message>
    <message>
        <source>it is part {} of {}, the limits are the number of parts and {}</source>
        <translation>它是第 {} 部分，共 {} 部分，上限是部分的总数和 {}</translation>
    </message>
    <message>
        <source>{} tensors have types that are not known, the first is {}</source>
        <translation>{} 个张量的类型未知，首个是 {}</translation>
    </message>
    <message>
        <source>it is part {} of {}, so its name must end in {}</source>
        <translation>它是第 {} 部分，共 {} 部分，因此名称必须以 {} 结尾</translation>
    </message>
    <message>
        <source>reading parts</source>
        <translation>正在读取各部分</translation>
    </message>
    <message>
        <source>{} of {} parts are missing, so the model is not complete: {}</source>
        <translation>缺少 {} 个部分（共 {} 个），因此模型不完整：{}</translation>
    </message>
    <message>
        <source>it says that it is part {} of {}, expected part {} of {}</source>
        <translation>它自称是第 {} 部分，共 {} 部分，应为第 {} 部分，共 {} 部分</translation>
    </message>
    <message>
        <source>nobody knows what this type means</source>
        <translation>没有人知道这种类型的含义</translation>
    </message>
    <message>
        <source>the tensor {} stands in two parts</source>
        <translation>张量 {} 出现在两个部分中</translation>
    </message>
    <message>
        <source>GGUF</source>
        <translation>GGUF</translation>
    </message>
    <message>
        <source>the file does not begin with GGUF</source>
        <translation>文件不是以 GGUF 开头</translation>
    </message>
    <message>
        <source>the version is {}, supported are 2 and 3</source>
        <translation>版本是 {}，支持 2 和 3</translation>
    </message>
    <message>
        <source>the {} is {}, the limit is {}</source>
        <translation>{} 为 {}，上限是 {}</translation>
    </message>
    <message>
        <source>the {} is {}, but only {} bytes follow</source>
        <translation>{} 为 {}，但后面只有 {} 字节</translation>
    </message>
    <message>
        <source>a key is empty</source>
        <translation>有一个键为空</translation>
    </message>
    <message>
        <source>the key stands there twice</source>
        <translation>这个键出现了两次</translation>
    </message>
    <message>
        <source>the alignment must be a u32</source>
        <translation>对齐值必须是 u32</translation>
    </message>
    <message>
        <source>the alignment is {}, expected a power of two from {} to {}</source>
        <translation>对齐值是 {}，应为 {} 到 {} 之间的 2 的幂</translation>
    </message>
    <message>
        <source>the value is {}, expected a whole number</source>
        <translation>值是 {}，应为整数</translation>
    </message>
    <message>
        <source>a tensor has an empty name</source>
        <translation>有一个张量的名称为空</translation>
    </message>
    <message>
        <source>two tensors have the same name</source>
        <translation>有两个张量同名</translation>
    </message>
    <message>
        <source>it has {} dimensions, the limit is {}</source>
        <translation>它有 {} 个维度，上限是 {}</translation>
    </message>
    <message>
        <source>dimension {} is {}, expected 1 to {}</source>
        <translation>维度 {} 是 {}，应为 1 到 {}</translation>
    </message>
    <message>
        <source>it has more than {} elements</source>
        <translation>它的元素多于 {} 个</translation>
    </message>
    <message>
        <source>its type {} has been withdrawn</source>
        <translation>它的类型 {} 已被撤销</translation>
    </message>
    <message>
        <source>its rows have {} elements, {} needs a multiple of {}</source>
        <translation>它的行有 {} 个元素，{} 要求是 {} 的倍数</translation>
    </message>
    <message>
        <source>it has more than 2^64 - 1 bytes</source>
        <translation>它超过 2^64 - 1 字节</translation>
    </message>
    <message>
        <source>its offset {} is not a multiple of the alignment {}</source>
        <translation>它的偏移 {} 不是对齐值 {} 的倍数</translation>
    </message>
    <message>
        <source>its offset is {}, but the file has only {} bytes of data</source>
        <translation>它的偏移是 {}，但文件只有 {} 字节的数据</translation>
    </message>
    <message>
        <source>it needs {} bytes at the offset {}, but the file has only {} bytes of data</source>
        <translation>它需要 {} 字节，偏移为 {}，但文件只有 {} 字节的数据</translation>
    </message>
    <message>
        <source>its offset is {}, inside the tensor before it, which ends at {}</source>
        <translation>它的偏移是 {}，落在前一个张量之内，后者结束于 {}</translation>
    </message>
    <message>
        <source>{} keys hold more than a-z, 0-9, &apos;.&apos;, &apos;_&apos; and &apos;-&apos;, the first is {}</source>
        <translation>{} 个键含有 a-z、0-9、“.”、“_”和“-”以外的字符，首个是 {}</translation>
    </message>
    <message>
        <source>{} tensor names are longer than the {} bytes that ggml allows, the first is {}</source>
        <translation>{} 个张量名长于 ggml 允许的 {} 字节，首个是 {}</translation>
    </message>
    <message>
        <source>the tensors&apos; data is not in the order of their list</source>
        <translation>张量数据的顺序与列表不同</translation>
    </message>
    <message>
        <source>there are unused bytes in front of {} tensors</source>
        <translation>在 {} 个张量之前有未使用的字节</translation>
    </message>
    <message>
        <source>blocks of this type are not decoded</source>
        <translation>这种类型的块未解码</translation>
    </message>
    <message>
        <source>the value type is {}, expected 0 to {}</source>
        <translation>值的类型是 {}，应为 0 到 {}</translation>
    </message>
    <message>
        <source>a bool is {}, expected 0 or 1</source>
        <translation>布尔值是 {}，应为 0 或 1</translation>
    </message>
    <message>
        <source>arrays are nested deeper than {} levels, the limit</source>
        <translation>数组的嵌套超过 {} 层的上限</translation>
    </message>
    <message>
        <source>an array claims {} elements of at least {} bytes, but only {} bytes follow</source>
        <translation>数组声称有 {} 个元素，每个至少 {} 字节，但后面只有 {} 字节</translation>
    </message>
    <message>
        <source>a text claims {} bytes, the limit is {}</source>
        <translation>文本声称有 {} 字节，上限是 {}</translation>
    </message>
    <message>
        <source>a text claims {} bytes, but only {} follow</source>
        <translation>文本声称有 {} 字节，但后面只有 {} 字节</translation>
    </message>
    <message>
        <source>{}, GGUF {}, byte {}</source>
        <translation>{}，GGUF {}，字节 {}</translation>
    </message>
    <message>
        <source>the file ends here, {} bytes were expected</source>
        <translation>文件在此结束，应有 {} 字节</translation>
    </message>
    <message>
        <source>the shape {} has more than 2^64 - 1 bytes</source>
        <translation>形状 {} 超过 2^64 - 1 字节</translation>
    </message>
    <message>
        <source>the shape {} of {} needs {} bytes of data, but only {} follow</source>
        <translation>形状 {}（{}）需要 {} 字节数据，但后面只有 {} 字节</translation>
    </message>
    <message>
        <source>{}, NPY data, byte {}</source>
        <translation>{}，NPY 数据，字节 {}</translation>
    </message>
    <message>
        <source>{} bytes after the array were ignored</source>
        <translation>忽略了数组之后的 {} 字节</translation>
    </message>
    <message>
        <source>inputs must be 4-byte or 8-byte floats (f4, f8), not {}</source>
        <translation>输入必须是 4 字节或 8 字节浮点数（f4、f8），而不是 {}</translation>
    </message>
    <message>
        <source>inputs must have the shape [samples, in], not {}</source>
        <translation>输入的形状必须是 [样本, 输入]，而不是 {}</translation>
    </message>
    <message>
        <source>labels must be whole numbers of shape [samples], not {} {}</source>
        <translation>标签必须是形状为 [样本] 的整数，而不是 {} {}</translation>
    </message>
    <message>
        <source>label {} is larger than 2^63 - 1</source>
        <translation>标签 {} 大于 2^63 - 1</translation>
    </message>
    <message>
        <source>complex numbers are not shown</source>
        <translation>不显示复数</translation>
    </message>
    <message>
        <source>NumPy says only that these elements have one byte (often an 8-bit float)</source>
        <translation>NumPy 只说明这些元素占一个字节（常为 8 位浮点数）</translation>
    </message>
    <message>
        <source>NumPy says only that these elements have two bytes (often bfloat16)</source>
        <translation>NumPy 只说明这些元素占两个字节（常为 bfloat16）</translation>
    </message>
    <message>
        <source>text follows the closing &apos;}}&apos;</source>
        <translation>结尾的“}}”之后还有文本</translation>
    </message>
    <message>
        <source>the key &apos;{}&apos; is missing</source>
        <translation>缺少键“{}”</translation>
    </message>
    <message>
        <source>{}, NPY header, byte {}</source>
        <translation>{}，NPY 文件头，字节 {}</translation>
    </message>
    <message>
        <source>&apos;{}&apos; was expected, not {}</source>
        <translation>应为“{}”，而不是 {}</translation>
    </message>
    <message>
        <source>a string in quotes was expected, not {}</source>
        <translation>应为带引号的字符串，而不是 {}</translation>
    </message>
    <message>
        <source>a string is not closed</source>
        <translation>有一个字符串没有结束</translation>
    </message>
    <message>
        <source>escapes in strings are not allowed</source>
        <translation>字符串中不允许转义</translation>
    </message>
    <message>
        <source>unknown key {}; known: descr, fortran_order, shape</source>
        <translation>未知的键 {}；已知的有：descr、fortran_order、shape</translation>
    </message>
    <message>
        <source>the key &apos;{}&apos; stands there twice</source>
        <translation>键“{}”出现了两次</translation>
    </message>
    <message>
        <source>structured arrays are not supported</source>
        <translation>不支持结构化数组</translation>
    </message>
    <message>
        <source>object arrays are refused: they hold Python code</source>
        <translation>拒绝对象数组：它们含有 Python 代码</translation>
    </message>
    <message>
        <source>&apos;descr&apos; {} is not supported, expected one like &apos;&lt;f4&apos;, &apos;&lt;f8&apos;, &apos;&lt;i8&apos;, &apos;|u1&apos;</source>
        <translation>不支持 &apos;descr&apos; {}，应形如 &apos;&lt;f4&apos;、&apos;&lt;f8&apos;、&apos;&lt;i8&apos;、&apos;|u1&apos;</translation>
    </message>
    <message>
        <source>&apos;fortran_order&apos; must be True or False</source>
        <translation>&apos;fortran_order&apos; 必须是 True 或 False</translation>
    </message>
    <message>
        <source>&apos;,&apos; or &apos;)&apos; was expected in &apos;shape&apos;</source>
        <translation>&apos;shape&apos; 中应为“,”或“)”</translation>
    </message>
    <message>
        <source>&apos;shape&apos; has more than {} dimensions, the limit</source>
        <translation>&apos;shape&apos; 的维度超过 {} 个的上限</translation>
    </message>
    <message>
        <source>&apos;shape&apos; must be a tuple: (n,) and not (n)</source>
        <translation>&apos;shape&apos; 必须是元组：(n,) 而不是 (n)</translation>
    </message>
    <message>
        <source>&apos;shape&apos; must hold whole numbers from 0 to 2^64 - 1, not {}</source>
        <translation>&apos;shape&apos; 必须是 0 到 2^64 - 1 的整数，而不是 {}</translation>
    </message>
    <message>
        <source>not an NPY array: it must start with 0x93 and NUMPY</source>
        <translation>不是 NPY 数组：必须以 0x93 和 NUMPY 开头</translation>
    </message>
    <message>
        <source>the NPY file ends inside its version</source>
        <translation>NPY 文件在版本号中间结束</translation>
    </message>
    <message>
        <source>NPY version {}.{} is unknown; known: 1.0, 2.0, 3.0</source>
        <translation>未知的 NPY 版本 {}.{}；已知的有：1.0、2.0、3.0</translation>
    </message>
    <message>
        <source>the NPY file ends inside its header length</source>
        <translation>NPY 文件在文件头长度中间结束</translation>
    </message>
    <message>
        <source>the NPY header length is {}, expected 1 to {}, of which {} bytes are there</source>
        <translation>NPY 文件头长度是 {}，应为 1 到 {}，实际有其中的 {} 字节</translation>
    </message>
    <message>
        <source>{} of {} arrays have elements of type {}: {}; they are {}</source>
        <translation>{} 个数组（共 {} 个）的元素类型是 {}：{}；它们是 {}</translation>
    </message>
    <message>
        <source>{} entries are no arrays and were ignored: {}</source>
        <translation>{} 个条目不是数组，已忽略：{}</translation>
    </message>
    <message>
        <source>the entry has {} bytes, but its array ends after {}</source>
        <translation>条目有 {} 字节，但其数组在 {} 字节后结束</translation>
    </message>
    <message>
        <source>a NumPy array</source>
        <translation>NumPy 数组</translation>
    </message>
    <message>
        <source>NumPy arrays</source>
        <translation>NumPy 数组归档</translation>
    </message>
    <message>
        <source>{} weights are [out, in, kernel]: outputs are axis 0</source>
        <translation>{} 的权重为 [输出, 输入, 核]：输出对应轴 0</translation>
    </message>
    <message>
        <source>{} weights are [directions, gates × hidden, in]: outputs are axis 1, whose scales both directions share</source>
        <translation>{} 的权重为 [方向, 门 × 隐藏, 输入]：输出对应轴 1，两个方向共用其缩放因子</translation>
    </message>
    <message>
        <source>{} weights are [directions, gates × hidden, in]: outputs are axis 1</source>
        <translation>{} 的权重为 [方向, 门 × 隐藏, 输入]：输出对应轴 1</translation>
    </message>
    <message>
        <source>{} weights are [in, out]: outputs are axis 1</source>
        <translation>{} 的权重为 [输入, 输出]：输出对应轴 1</translation>
    </message>
    <message>
        <source>{} weights are [out, blocks of codes]: outputs are axis 0</source>
        <translation>{} 的权重为 [输出, 量化码块]：输出对应轴 0</translation>
    </message>
    <message>
        <source>{} uses it with {} axes, expected {} or more</source>
        <translation>{} 以 {} 个轴使用它，应为 {} 个或更多</translation>
    </message>
    <message>
        <source>{} multiplies by it from the right with {} = 1: {}, outputs are axis {}</source>
        <translation>{} 从右侧与它相乘，{} = 1：{}，输出对应轴 {}</translation>
    </message>
    <message>
        <source>{} multiplies by it from the left with {} = 1: {}, outputs are axis {}</source>
        <translation>{} 从左侧与它相乘，{} = 1：{}，输出对应轴 {}</translation>
    </message>
    <message>
        <source>{} multiplies by it from the right: {}, outputs are axis {}</source>
        <translation>{} 从右侧与它相乘：{}，输出对应轴 {}</translation>
    </message>
    <message>
        <source>{} multiplies by it from the left: {}, outputs are axis {}</source>
        <translation>{} 从左侧与它相乘：{}，输出对应轴 {}</translation>
    </message>
    <message>
        <source>{} weights are [in, out, kernel]: outputs are axis 1, whose scales its {} groups share</source>
        <translation>{} 的权重为 [输入, 输出, 核]：输出对应轴 1，其 {} 个组共用缩放因子</translation>
    </message>
    <message>
        <source>{} weights are [in, out, kernel]: outputs are axis 1</source>
        <translation>{} 的权重为 [输入, 输出, 核]：输出对应轴 1</translation>
    </message>
    <message>
        <source>the attribute &apos;group&apos; of {} is {}, which does not divide the first axis</source>
        <translation>属性 &apos;group&apos;（{}）为 {}，不能整除第一个轴</translation>
    </message>
    <message>
        <source>{} picks entries along axis {}: one row per entry</source>
        <translation>{} 沿轴 {} 选取条目：每个条目一行</translation>
    </message>
    <message>
        <source>the attribute &apos;axis&apos; of {} is {}, which the tensor does not have</source>
        <translation>属性 &apos;axis&apos;（{}）为 {}，而张量没有这个轴</translation>
    </message>
    <message>
        <source>Einsum {} has its outputs on axis {}</source>
        <translation>Einsum {} 的输出在轴 {} 上</translation>
    </message>
    <message>
        <source>Einsum {} has {} axes of outputs, so there is no one axis for scales</source>
        <translation>Einsum {} 有 {} 个输出轴，因此没有唯一的轴可用于缩放因子</translation>
    </message>
    <message>
        <source>Einsum {} has an unknown number of axes of outputs, so there is no one axis for scales</source>
        <translation>Einsum {} 的输出轴数目未知，因此没有唯一的轴可用于缩放因子</translation>
    </message>
    <message>
        <source>the location {} of external data {}</source>
        <translation>外部数据的位置 {} {}</translation>
    </message>
    <message>
        <source>is or goes through a link or something that is no folder, which is not followed</source>
        <translation>是链接或非文件夹，或经过它们，因此不予跟随</translation>
    </message>
    <message>
        <source>does not exist beside the model</source>
        <translation>在模型旁边不存在</translation>
    </message>
    <message>
        <source>cannot be opened: {}</source>
        <translation>无法打开：{}</translation>
    </message>
    <message>
        <source>has {} bytes, the limit is {}</source>
        <translation>有 {} 字节，上限是 {}</translation>
    </message>
    <message>
        <source>holds a zero byte</source>
        <translation>含有零字节</translation>
    </message>
    <message>
        <source>holds a backslash</source>
        <translation>含有反斜杠</translation>
    </message>
    <message>
        <source>is absolute, a path below the model&apos;s folder was expected</source>
        <translation>是绝对路径，应为模型文件夹之下的路径</translation>
    </message>
    <message>
        <source>is a URL or names a drive, a path below the model&apos;s folder was expected</source>
        <translation>是 URL 或含有驱动器名，应为模型文件夹之下的路径</translation>
    </message>
    <message>
        <source>goes up with &apos;..&apos;</source>
        <translation>用“..”指向上级文件夹</translation>
    </message>
    <message>
        <source>names no file</source>
        <translation>没有文件名</translation>
    </message>
    <message>
        <source>the model is no file on disk, so there is no folder for external data</source>
        <translation>模型不是磁盘上的文件，因此没有存放外部数据的文件夹</translation>
    </message>
    <message>
        <source>a file with external data has more than one name</source>
        <translation>一个存放外部数据的文件有多个名称</translation>
    </message>
    <message>
        <source>a location of external data starts with &apos;./&apos;</source>
        <translation>外部数据的一个位置以“./”开头</translation>
    </message>
    <message>
        <source>{} is no decimal number of at most {} digits</source>
        <translation>{} 不是最多 {} 位的十进制数</translation>
    </message>
    <message>
        <source>its axes cannot be followed through {} {}</source>
        <translation>无法追踪它的轴经过 {} {} 的变化</translation>
    </message>
    <message>
        <source>{} {} changes it before it is used as a weight, so what is stored is not the weight</source>
        <translation>{} {} 在它用作权重之前改变了它，因此存储的内容不是权重</translation>
    </message>
    <message>
        <source>{}, but behind {} that is no whole axis of the stored tensor</source>
        <translation>{}，但经过 {} 之后，那不是存储张量的一个完整的轴</translation>
    </message>
    <message>
        <source>{}; behind {} that is axis {} of the stored tensor</source>
        <translation>{}；经过 {} 之后，那是存储张量的轴 {}</translation>
    </message>
    <message>
        <source>there is no graph (field 7)</source>
        <translation>没有计算图（字段 7）</translation>
    </message>
    <message>
        <source>the file holds several graphs, which were merged as protobuf asks</source>
        <translation>文件含有多个计算图，已按 protobuf 的要求合并</translation>
    </message>
    <message>
        <source>graphs for training are not read</source>
        <translation>不读取用于训练的计算图</translation>
    </message>
    <message>
        <source>the function {} is defined twice</source>
        <translation>函数 {} 定义了两次</translation>
    </message>
    <message>
        <source>messages are nested deeper than {}, the limit</source>
        <translation>消息的嵌套超过 {} 层的上限</translation>
    </message>
    <message>
        <source>the node has no op_type (field 4)</source>
        <translation>节点没有 op_type（字段 4）</translation>
    </message>
    <message>
        <source>the function {} calls itself</source>
        <translation>函数 {} 调用了自身</translation>
    </message>
    <message>
        <source>{} FunctionProto, byte {}</source>
        <translation>{} FunctionProto，字节 {}</translation>
    </message>
    <message>
        <source>the text has {} bytes, the limit is {}</source>
        <translation>文本有 {} 字节，上限是 {}</translation>
    </message>
    <message>
        <source>a version of operators is not above 0</source>
        <translation>有一个算子版本不大于 0</translation>
    </message>
    <message>
        <source>operators are imported twice</source>
        <translation>算子导入了两次</translation>
    </message>
    <message>
        <source>a key of the metadata stands there twice, the last one counts</source>
        <translation>元数据中有一个键出现了两次，以最后一个为准</translation>
    </message>
    <message>
        <source>the file does not say which version of the operators it uses</source>
        <translation>文件没有说明使用哪个版本的算子</translation>
    </message>
    <message>
        <source>the attribute {} stands there twice</source>
        <translation>属性 {} 出现了两次</translation>
    </message>
    <message>
        <source>the graph has no nodes</source>
        <translation>计算图没有节点</translation>
    </message>
    <message>
        <source>nothing makes the output {} of the graph</source>
        <translation>没有节点产生计算图的输出 {}</translation>
    </message>
    <message>
        <source>the call has {} outputs, but the function {} has {}</source>
        <translation>调用有 {} 个输出，但函数 {} 有 {} 个</translation>
    </message>
    <message>
        <source>nothing makes the output {} of the function {}</source>
        <translation>没有节点产生函数的输出 {}（函数 {}）</translation>
    </message>
    <message>
        <source>nothing makes {}, which the node {} takes</source>
        <translation>没有节点产生 {}，而节点 {} 需要它</translation>
    </message>
    <message>
        <source>there are more than {} calls of functions and nodes in them, the limit</source>
        <translation>函数调用及其中的节点超过 {} 个的上限</translation>
    </message>
    <message>
        <source>bodies and calls of functions are nested deeper than {}, the limit</source>
        <translation>函数体和函数调用的嵌套超过 {} 层的上限</translation>
    </message>
    <message>
        <source>there are more than {} dimensions, the limit</source>
        <translation>维度超过 {} 个的上限</translation>
    </message>
    <message>
        <source>inputs that are computed, or an order of columns</source>
        <translation>需要计算的输入，或列的次序</translation>
    </message>
    <message>
        <source>MatMulNBits holds one row of codes per output</source>
        <translation>MatMulNBits 为每个输出存放一行量化码</translation>
    </message>
    <message>
        <source>the file has {} bytes, the limit is {}; bigger models keep their weights in files beside the model</source>
        <translation>文件有 {} 字节，上限是 {}；更大的模型把权重放在模型旁边的文件中</translation>
    </message>
    <message>
        <source>this is no ONNX file: it begins with plain text {}</source>
        <translation>这不是 ONNX 文件：它以纯文本 {} 开头</translation>
    </message>
    <message>
        <source>ONNX</source>
        <translation>ONNX</translation>
    </message>
    <message>
        <source>the graphs use tensors in too many ways to follow them all, so some layers are kept in float</source>
        <translation>计算图使用张量的方式过多，无法全部追踪，因此有些层保持浮点</translation>
    </message>
    <message>
        <source>it has no elements</source>
        <translation>它没有元素</translation>
    </message>
    <message>
        <source>its uses could not all be followed</source>
        <translation>无法追踪它的所有用途</translation>
    </message>
    <message>
        <source>{} uses it, behind which its outputs are not known</source>
        <translation>{} 使用它，之后它的输出不得而知</translation>
    </message>
    <message>
        <source>no node uses it</source>
        <translation>没有节点使用它</translation>
    </message>
    <message>
        <source>no node multiplies by it as a matrix; used by {}</source>
        <translation>没有节点把它当作矩阵相乘；使用它的有 {}</translation>
    </message>
    <message>
        <source>its nodes disagree: {}, but {}</source>
        <translation>它的各节点不一致：{}，但 {}</translation>
    </message>
    <message>
        <source>the attribute &apos;group&apos; does not divide the channels of the weight</source>
        <translation>属性 &apos;group&apos; 不能整除权重的通道数</translation>
    </message>
    <message>
        <source>weights that the model makes when it runs are not in the file</source>
        <translation>模型运行时才产生的权重不在文件中</translation>
    </message>
    <message>
        <source>the name {} is defined twice, the second time as {}</source>
        <translation>名称 {} 定义了两次，第二次为 {}</translation>
    </message>
    <message>
        <source>{} GraphProto {}, byte {}</source>
        <translation>{} GraphProto {}，字节 {}</translation>
    </message>
    <message>
        <source>a name inside a subgraph hides the same name outside</source>
        <translation>子图中的一个名称遮住了外部的同名对象</translation>
    </message>
    <message>
        <source>nothing makes what a node takes as input</source>
        <translation>节点需要的一个输入没有来源</translation>
    </message>
    <message>
        <source>a node uses what a later node makes</source>
        <translation>一个节点使用了后面的节点所产生的值</translation>
    </message>
    <message>
        <source>{}: {} … and {} more</source>
        <translation>{}：{} … 还有 {} 个</translation>
    </message>
    <message>
        <source>the graphs need more than {} bytes of memory beside the weights, the limit</source>
        <translation>除权重之外，计算图需要的内存超过 {} 字节的上限</translation>
    </message>
    <message>
        <source>the name has {} bytes, the limit is {}</source>
        <translation>名称有 {} 字节，上限是 {}</translation>
    </message>
    <message>
        <source>already quantized, its values are not decoded: {}</source>
        <translation>已经量化，其数值未解码：{}</translation>
    </message>
    <message>
        <source>its scales or zero points are computed when the model runs</source>
        <translation>它的缩放因子或零点在模型运行时才计算</translation>
    </message>
    <message>
        <source>scales of type {} are not supported</source>
        <translation>不支持类型为 {} 的缩放因子</translation>
    </message>
    <message>
        <source>one scale for the whole tensor</source>
        <translation>整个张量共用一个缩放因子</translation>
    </message>
    <message>
        <source>scales of shape {} do not fit an axis of {}</source>
        <translation>形状为 {} 的缩放因子与长度为 {} 的轴不符</translation>
    </message>
    <message>
        <source>its scales run along axis {}</source>
        <translation>它的缩放因子沿轴 {} 排列</translation>
    </message>
    <message>
        <source>blocks of {} codes are supported along one of two axes only</source>
        <translation>{} 个一块的量化码只支持沿两个轴之一</translation>
    </message>
    <message>
        <source>scales of shape {} do not fit blocks of {} codes of {}, which need {}</source>
        <translation>形状为 {} 的缩放因子与 {} 个一块、形状为 {} 的量化码不符，应为 {}</translation>
    </message>
    <message>
        <source>its scales reach over {} codes along axis {}</source>
        <translation>它的每个缩放因子覆盖 {} 个量化码，沿轴 {}</translation>
    </message>
    <message>
        <source>zero points of type {} and shape {} do not fit codes of type {} and scales of shape {}</source>
        <translation>类型为 {}、形状为 {} 的零点与类型为 {} 的量化码和形状为 {} 的缩放因子不符</translation>
    </message>
    <message>
        <source>{} takes {} codes, and their scale is part of what follows</source>
        <translation>{} 使用 {} 量化码，其缩放因子属于后面的部分</translation>
    </message>
    <message>
        <source>{} holds codes of {} bits in blocks of {}</source>
        <translation>{} 存放 {} 比特的量化码，{} 个一块</translation>
    </message>
    <message>
        <source>{} holds codes in a layout of its own</source>
        <translation>{} 以自己的布局存放量化码</translation>
    </message>
    <message>
        <source>tensors in segments are not supported</source>
        <translation>不支持分段的张量</translation>
    </message>
    <message>
        <source>the value is {}, expected 0 or 1</source>
        <translation>值是 {}，应为 0 或 1</translation>
    </message>
    <message>
        <source>dimension {} is {}, expected 0 or more</source>
        <translation>维度 {} 是 {}，应为 0 或更大</translation>
    </message>
    <message>
        <source>the field stands there twice</source>
        <translation>该字段出现了两次</translation>
    </message>
    <message>
        <source>unknown keys of external data are ignored</source>
        <translation>外部数据的未知键已忽略</translation>
    </message>
    <message>
        <source>the key {} stands there twice</source>
        <translation>键 {} 出现了两次</translation>
    </message>
    <message>
        <source>the tensor {} has no data_type (field 2)</source>
        <translation>张量 {} 没有 data_type（字段 2）</translation>
    </message>
    <message>
        <source>the type of tensor {} is {}, expected 1 to {}</source>
        <translation>张量的类型有误：{} 的类型是 {}，应为 1 到 {}</translation>
    </message>
    <message>
        <source>the shape {} of tensor {} has more than 2^64 - 1 bits</source>
        <translation>形状 {}（张量 {}）超过 2^64 - 1 比特</translation>
    </message>
    <message>
        <source>the shape {} of sparse tensor {} has more than 2^64 - 1 bits</source>
        <translation>形状 {}（稀疏张量 {}）超过 2^64 - 1 比特</translation>
    </message>
    <message>
        <source>expected up to {} dimensions of 0 or more</source>
        <translation>应为不多于 {} 个大于等于 0 的维度</translation>
    </message>
    <message>
        <source>the tensor has values here and in an external file</source>
        <translation>张量的数值既在这里又在外部文件中</translation>
    </message>
    <message>
        <source>the tensor has values here and in {}</source>
        <translation>张量的数值既在这里又在 {} 中</translation>
    </message>
    <message>
        <source>the shape {} asks for {} values, but there is no field with values</source>
        <translation>形状 {} 要求 {} 个数值，但没有存放数值的字段</translation>
    </message>
    <message>
        <source>the shape {} has no elements, but there are values</source>
        <translation>形状 {} 没有元素，但有数值</translation>
    </message>
    <message>
        <source>the field cannot hold values of {}, expected {} or raw_data</source>
        <translation>该字段不能存放 {} 类型的数值，应为 {} 或 raw_data</translation>
    </message>
    <message>
        <source>the field cannot hold strings, expected string_data</source>
        <translation>该字段不能存放字符串，应为 string_data</translation>
    </message>
    <message>
        <source>there are {} bytes, but the shape {} of {} needs {}</source>
        <translation>有 {} 字节，但形状 {}（{}）需要 {} 字节</translation>
    </message>
    <message>
        <source>there are more bytes than the shape needs, the rest is ignored</source>
        <translation>字节数多于形状所需，其余的已忽略</translation>
    </message>
    <message>
        <source>there are {} strings, but the shape {} asks for {}</source>
        <translation>有 {} 个字符串，但形状 {} 要求 {} 个</translation>
    </message>
    <message>
        <source>a part has {} bytes, expected a multiple of {}</source>
        <translation>一部分有 {} 字节，应为 {} 的倍数</translation>
    </message>
    <message>
        <source>there are {} entries, but the shape {} of {} needs {} or {}</source>
        <translation>有 {} 个条目，但形状 {}（{}）需要 {} 或 {} 个</translation>
    </message>
    <message>
        <source>values have more bits than their type, the low ones count</source>
        <translation>数值的比特数多于其类型，以低位为准</translation>
    </message>
    <message>
        <source>strings cannot be in an external file</source>
        <translation>字符串不能放在外部文件中</translation>
    </message>
    <message>
        <source>there is no key &apos;location&apos;</source>
        <translation>没有键 &apos;location&apos;</translation>
    </message>
    <message>
        <source>the {} {}</source>
        <translation>{} {}</translation>
    </message>
    <message>
        <source>the length is {}, but the shape {} of {} needs {}</source>
        <translation>长度是 {}，但形状 {}（{}）需要 {}</translation>
    </message>
    <message>
        <source>the values are the {} bytes from byte {} on, but the file {} has {} bytes</source>
        <translation>数值占 {} 字节，起始字节 {}，但文件 {} 只有 {} 字节</translation>
    </message>
    <message>
        <source>an initializer has no name (field 8)</source>
        <translation>有一个初始值没有名称（字段 8）</translation>
    </message>
    <message>
        <source>sparse tensors are not listed</source>
        <translation>不列出稀疏张量</translation>
    </message>
    <message>
        <source>sparse tensors are listed without values</source>
        <translation>列出稀疏张量，但不含数值</translation>
    </message>
    <message>
        <source>constant strings are not listed</source>
        <translation>不列出常量字符串</translation>
    </message>
    <message>
        <source>strings are no numbers</source>
        <translation>字符串不是数值</translation>
    </message>
    <message>
        <source>there are more than {} tensors, the limit</source>
        <translation>张量超过 {} 个的上限</translation>
    </message>
    <message>
        <source>there are more than {} entries, the number that the shape asks for</source>
        <translation>条目多于 {} 个，即形状要求的数目</translation>
    </message>
    <message>
        <source>there are {} entries, but the shape asks for {}</source>
        <translation>有 {} 个条目，但形状要求 {} 个</translation>
    </message>
    <message>
        <source>the list has {} bytes, expected a multiple of 4</source>
        <translation>列表有 {} 字节，应为 4 的倍数</translation>
    </message>
    <message>
        <source>the tensor has {} fields with values, expected one</source>
        <translation>张量有 {} 个存放数值的字段，应为一个</translation>
    </message>
    <message>
        <source>the field cannot hold values of {}</source>
        <translation>该字段不能存放 {} 类型的数值</translation>
    </message>
    <message>
        <source>there are {} strings, but the shape needs {}</source>
        <translation>有 {} 个字符串，但形状需要 {} 个</translation>
    </message>
    <message>
        <source>there are {} bytes, but the shape needs {}</source>
        <translation>有 {} 字节，但形状需要 {} 字节</translation>
    </message>
    <message>
        <source>there are more values than the shape needs</source>
        <translation>数值多于形状所需</translation>
    </message>
    <message>
        <source>the values of attributes take more than {} bytes, the limit</source>
        <translation>属性的数值超过 {} 字节的上限</translation>
    </message>
    <message>
        <source>{}, {}</source>
        <translation>{}，{}</translation>
    </message>
    <message>
        <source>this is {}; supported are: {}</source>
        <translation>这是{}；支持的有：{}</translation>
    </message>
    <message>
        <source>the file is empty</source>
        <translation>文件是空的</translation>
    </message>
    <message>
        <source>the content is of no supported format; supported are: {}</source>
        <translation>内容不属于任何支持的格式；支持的有：{}</translation>
    </message>
    <message>
        <source>there is no part {}: the file holds one model</source>
        <translation>没有部分 {}：文件中只有一个模型</translation>
    </message>
    <message>
        <source>there is no part {}; there are: {}</source>
        <translation>没有部分 {}；可用的有：{}</translation>
    </message>
    <message>
        <source>there is no built-in model {}; there are: {}</source>
        <translation>没有内置模型 {}；可用的有：{}</translation>
    </message>
    <message>
        <source>the folder cannot be read: {}</source>
        <translation>无法读取文件夹：{}</translation>
    </message>
    <message>
        <source>the folder holds no model file</source>
        <translation>文件夹中没有模型文件</translation>
    </message>
    <message>
        <source>the folder holds {} shard indices, name one of them: {}</source>
        <translation>文件夹中有 {} 个分片索引，请指定其中之一：{}</translation>
    </message>
    <message>
        <source>the folder holds {} model files, name one of them: {}</source>
        <translation>文件夹中有 {} 个模型文件，请指定其中之一：{}</translation>
    </message>
    <message>
        <source>{} of the model&apos;s shards or their tensors are missing: {}</source>
        <translation>缺少模型的分片或其中的张量，共 {} 个：{}</translation>
    </message>
    <message>
        <source>the header must be an object, not {}</source>
        <translation>文件头必须是对象，而不是 {}</translation>
    </message>
    <message>
        <source>the value must be an object, not {}</source>
        <translation>值必须是对象，而不是 {}</translation>
    </message>
    <message>
        <source>the value of {} must be a string, not {}</source>
        <translation>{} 的值必须是字符串，而不是 {}</translation>
    </message>
    <message>
        <source>the header must be an object, not an array</source>
        <translation>文件头必须是对象，而不是数组</translation>
    </message>
    <message>
        <source>the value must be an object, not an array</source>
        <translation>值必须是对象，而不是数组</translation>
    </message>
    <message>
        <source>{} unknown keys in the header were ignored, the first is {}</source>
        <translation>忽略了文件头中的 {} 个未知键，首个是 {}</translation>
    </message>
    <message>
        <source>{}, safetensors header, byte {}</source>
        <translation>{}，safetensors 文件头，字节 {}</translation>
    </message>
    <message>
        <source>{}, safetensors header, &apos;__metadata__&apos;, byte {}</source>
        <translation>{}，safetensors 文件头，&apos;__metadata__&apos;，字节 {}</translation>
    </message>
    <message>
        <source>the key &apos;__metadata__&apos; stands there twice</source>
        <translation>键 &apos;__metadata__&apos; 出现了两次</translation>
    </message>
    <message>
        <source>the file has {} bytes, a safetensors file has at least {}</source>
        <translation>文件有 {} 字节，safetensors 文件至少有 {} 字节</translation>
    </message>
    <message>
        <source>the header length is {}, the limit is {}</source>
        <translation>文件头长度是 {}，上限是 {}</translation>
    </message>
    <message>
        <source>the header length is {}, but only {} bytes follow</source>
        <translation>文件头长度是 {}，但后面只有 {} 字节</translation>
    </message>
    <message>
        <source>the header length is {}, at least 2 was expected</source>
        <translation>文件头长度是 {}，至少应为 2</translation>
    </message>
    <message>
        <source>the header starts with the byte 0x{} instead of &apos;{{&apos;</source>
        <translation>文件头以字节 0x{} 开头，而不是“{{”</translation>
    </message>
    <message>
        <source>&apos;data_offsets&apos; begins at {}, inside the tensor before it, which ends at {}</source>
        <translation>&apos;data_offsets&apos; 始于 {}，落在前一个张量之内，后者结束于 {}</translation>
    </message>
    <message>
        <source>&apos;data_offsets&apos; begins at {} and leaves a hole after the tensor before it, which ends at {}</source>
        <translation>&apos;data_offsets&apos; 始于 {}，与前一个张量之间留有空隙，后者结束于 {}</translation>
    </message>
    <message>
        <source>&apos;data_offsets&apos; ends at {}, but the file has only {} bytes of data</source>
        <translation>&apos;data_offsets&apos; 结束于 {}，但文件只有 {} 字节的数据</translation>
    </message>
    <message>
        <source>the file has {} bytes of data, but its tensors end at {}</source>
        <translation>文件有 {} 字节的数据，但其张量结束于 {}</translation>
    </message>
    <message>
        <source>{}, safetensors data, byte {}</source>
        <translation>{}，safetensors 数据，字节 {}</translation>
    </message>
    <message>
        <source>safetensors</source>
        <translation>safetensors</translation>
    </message>
    <message>
        <source>{}, safetensors header, tensor {}, byte {}</source>
        <translation>{}，safetensors 文件头，张量 {}，字节 {}</translation>
    </message>
    <message>
        <source>a tensor name has {} bytes, the limit is {}</source>
        <translation>一个张量名有 {} 字节，上限是 {}</translation>
    </message>
    <message>
        <source>&apos;{}&apos; must be an array of whole numbers, not {}</source>
        <translation>“{}”必须是整数数组，而不是 {}</translation>
    </message>
    <message>
        <source>&apos;{}&apos; must hold whole numbers, not {}</source>
        <translation>“{}”必须由整数组成，而不是 {}</translation>
    </message>
    <message>
        <source>&apos;{}&apos; must be {}, not {}</source>
        <translation>“{}”必须是{}，而不是 {}</translation>
    </message>
    <message>
        <source>a string</source>
        <translation>字符串</translation>
    </message>
    <message>
        <source>an array of whole numbers</source>
        <translation>整数数组</translation>
    </message>
    <message>
        <source>&apos;data_offsets&apos; must hold 2 numbers, not {}</source>
        <translation>&apos;data_offsets&apos; 必须有 2 个数，而不是 {} 个</translation>
    </message>
    <message>
        <source>&apos;dtype&apos; must be a string, not {}</source>
        <translation>&apos;dtype&apos; 必须是字符串，而不是 {}</translation>
    </message>
    <message>
        <source>unknown dtype {}, expected one like F32, F16, BF16, I8</source>
        <translation>未知的 dtype {}，应形如 F32、F16、BF16、I8</translation>
    </message>
    <message>
        <source>&apos;{}&apos; must hold whole numbers from 0 to 2^64 - 1, not {}</source>
        <translation>“{}”必须由 0 到 2^64 - 1 的整数组成，而不是 {}</translation>
    </message>
    <message>
        <source>&apos;data_offsets&apos; must hold 2 numbers, not more</source>
        <translation>&apos;data_offsets&apos; 必须有 2 个数，不能更多</translation>
    </message>
    <message>
        <source>&apos;data_offsets&apos; begins at {} and ends before, at {}</source>
        <translation>&apos;data_offsets&apos; 始于 {}，却在此之前结束于 {}</translation>
    </message>
    <message>
        <source>the shape {} has more than 2^64 - 1 elements</source>
        <translation>形状 {} 的元素超过 2^64 - 1 个</translation>
    </message>
    <message>
        <source>the shape {} of {} has more than 2^64 - 1 bits</source>
        <translation>形状 {}（{}）超过 2^64 - 1 比特</translation>
    </message>
    <message>
        <source>the shape {} of {} is not a whole number of bytes</source>
        <translation>形状 {}（{}）不是整数个字节</translation>
    </message>
    <message>
        <source>&apos;data_offsets&apos; spans {} bytes, but the shape {} of {} needs {}</source>
        <translation>&apos;data_offsets&apos; 跨越 {} 字节，但形状 {}（{}）需要 {} 字节</translation>
    </message>
    <message>
        <source>the shard index has no object &apos;weight_map&apos;</source>
        <translation>分片索引没有对象 &apos;weight_map&apos;</translation>
    </message>
    <message>
        <source>the shard of tensor {} must be a file name, not {}</source>
        <translation>张量的分片必须是文件名：{} 的是 {}</translation>
    </message>
    <message>
        <source>the shard of tensor {} must be a file name without a folder, not {}</source>
        <translation>张量的分片必须是不含文件夹的文件名：{} 的是 {}</translation>
    </message>
    <message>
        <source>reading shards</source>
        <translation>正在读取分片</translation>
    </message>
    <message>
        <source>this shard is a {} file, the ones before it are {}</source>
        <translation>该分片是 {} 文件，之前的是 {}</translation>
    </message>
    <message>
        <source>its scales are taken from another shard</source>
        <translation>它的缩放因子取自另一个分片</translation>
    </message>
    <message>
        <source>{} shards or tensors of shards are missing, so the model is not complete: {}</source>
        <translation>缺少 {} 个分片或分片中的张量，因此模型不完整：{}</translation>
    </message>
    <message>
        <source>{} shards are links to files in other folders: {}</source>
        <translation>{} 个分片是指向其他文件夹中文件的链接：{}</translation>
    </message>
    <message>
        <source>{} tensors are in a shard but not in the index: {}</source>
        <translation>{} 个张量在分片中，但不在索引中：{}</translation>
    </message>
    <message>
        <source>{} tensors are in a second shard, too, and were taken from one only: {}</source>
        <translation>{} 个张量也在第二个分片中，只从一个分片读取：{}</translation>
    </message>
    <message>
        <source>a shard index has at most {} bytes, this file has {}</source>
        <translation>分片索引最多 {} 字节，这个文件有 {} 字节</translation>
    </message>
    <message>
        <source>index of shards</source>
        <translation>分片索引</translation>
    </message>
    <message>
        <source>{} bytes after the pickle were ignored</source>
        <translation>忽略了 pickle 之后的 {} 字节</translation>
    </message>
    <message>
        <source>{} storages are larger in the archive than the pickle says: {}</source>
        <translation>归档中的 {} 个存储区比 pickle 所述的大：{}</translation>
    </message>
    <message>
        <source>{}, ZIP entry {}, byte {}</source>
        <translation>{}，ZIP 条目 {}，字节 {}</translation>
    </message>
    <message>
        <source>a PyTorch archive has one folder for all entries; this one is not in {}</source>
        <translation>PyTorch 归档的所有条目在同一个文件夹中；这一个不在 {} 中</translation>
    </message>
    <message>
        <source>the archive is no PyTorch file, which would hold &apos;data.pkl&apos;, and no NPZ, which would start with an array</source>
        <translation>该归档既不是应含 &apos;data.pkl&apos; 的 PyTorch 文件，也不是应以数组开头的 NPZ</translation>
    </message>
    <message>
        <source>it has {} bytes, the limit is {}</source>
        <translation>它有 {} 字节，上限是 {}</translation>
    </message>
    <message>
        <source>it must be &apos;little&apos; or &apos;big&apos;, not {}</source>
        <translation>它必须是 &apos;little&apos; 或 &apos;big&apos;，而不是 {}</translation>
    </message>
    <message>
        <source>the archive has no entry &apos;version&apos;</source>
        <translation>归档没有条目 &apos;version&apos;</translation>
    </message>
    <message>
        <source>the version of the archive is {}; known are 1 to {}</source>
        <translation>归档的版本是 {}；已知的是 1 到 {}</translation>
    </message>
    <message>
        <source>the pickle has {} bytes, the limit is {}</source>
        <translation>pickle 有 {} 字节，上限是 {}</translation>
    </message>
    <message>
        <source>the checksum of {} is {} instead of {}: the file is damaged or was written without checksums</source>
        <translation>{} 的校验和是 {}，应为 {}：文件已损坏，或写入时没有校验和</translation>
    </message>
    <message>
        <source>{}, pickle, persistent id at byte {}</source>
        <translation>{}，pickle，字节 {} 处的 persistent id</translation>
    </message>
    <message>
        <source>the pickle says that storage {} has {} bytes, the archive has {}</source>
        <translation>pickle 声称存储区 {} 有 {} 字节，归档中有 {} 字节</translation>
    </message>
    <message>
        <source>{}, pickle, tensor {}, byte {}</source>
        <translation>{}，pickle，张量 {}，字节 {}</translation>
    </message>
    <message>
        <source>the element type {} is unknown</source>
        <translation>未知的元素类型 {}</translation>
    </message>
    <message>
        <source>&apos;{}&apos; must be a tuple of whole numbers, not {}</source>
        <translation>“{}”必须是整数元组，而不是 {}</translation>
    </message>
    <message>
        <source>&apos;{}&apos; has {} dimensions, the limit is {}</source>
        <translation>“{}”有 {} 个维度，上限是 {}</translation>
    </message>
    <message>
        <source>&apos;{}&apos; must be a whole number, not {}</source>
        <translation>“{}”必须是整数，而不是 {}</translation>
    </message>
    <message>
        <source>&apos;{}&apos; must not be negative, not {}</source>
        <translation>“{}”不能为负，却是 {}</translation>
    </message>
    <message>
        <source>the protocol must be the number {}</source>
        <translation>协议必须是数 {}</translation>
    </message>
    <message>
        <source>&apos;little_endian&apos; must be True or False</source>
        <translation>&apos;little_endian&apos; 必须是 True 或 False</translation>
    </message>
    <message>
        <source>{} bytes after the last storage were ignored</source>
        <translation>忽略了最后一个存储区之后的 {} 字节</translation>
    </message>
    <message>
        <source>{}, PyTorch {}, byte {}</source>
        <translation>{}，PyTorch {}，字节 {}</translation>
    </message>
    <message>
        <source>it must be a list, not {}</source>
        <translation>它必须是列表，而不是 {}</translation>
    </message>
    <message>
        <source>{} is no storage of the file</source>
        <translation>{} 不是文件中的存储区</translation>
    </message>
    <message>
        <source>the file ends before the number of its elements</source>
        <translation>文件在元素个数之前结束</translation>
    </message>
    <message>
        <source>it has {} elements here and {} in the pickle</source>
        <translation>它在这里有 {} 个元素，在 pickle 中有 {} 个</translation>
    </message>
    <message>
        <source>{} elements of {} bytes are announced, {} bytes follow</source>
        <translation>声明有 {} 个元素，每个 {} 字节，后面有 {} 字节</translation>
    </message>
    <message>
        <source>it is listed twice</source>
        <translation>它列出了两次</translation>
    </message>
    <message>
        <source>storage {} is missing</source>
        <translation>缺少存储区 {}</translation>
    </message>
    <message>
        <source>storage {} has {} elements, more than 2^64 - 1 bytes</source>
        <translation>存储区 {} 有 {} 个元素，超过 2^64 - 1 字节</translation>
    </message>
    <message>
        <source>{}, pickle, byte {}</source>
        <translation>{}，pickle，字节 {}</translation>
    </message>
    <message>
        <source>shown are the tensors of &apos;{}&apos;; others are not: {}</source>
        <translation>显示的是“{}”的张量；其他的没有显示：{}</translation>
    </message>
    <message>
        <source>the file holds no tensors</source>
        <translation>文件中没有张量</translation>
    </message>
    <message>
        <source>a quantizer must be a tuple</source>
        <translation>量化器必须是元组</translation>
    </message>
    <message>
        <source>quantized by PyTorch in a way that is not read</source>
        <translation>以 PyTorch 的一种无法读取的方式量化</translation>
    </message>
    <message>
        <source>codes of type {} are not decoded</source>
        <translation>类型为 {} 的量化码未解码</translation>
    </message>
    <message>
        <source>a quantizer per tensor must have a fractional scale and a whole zero point</source>
        <translation>逐张量的量化器必须有小数缩放因子和整数零点</translation>
    </message>
    <message>
        <source>the zero point {} is no {}</source>
        <translation>零点 {} 不是 {}</translation>
    </message>
    <message>
        <source>as its quantizer says</source>
        <translation>按其量化器所述</translation>
    </message>
    <message>
        <source>scales {} and zero points {} do not fit axis {} of {}</source>
        <translation>缩放因子 {} 和零点 {} 与轴 {}（形状 {}）不符</translation>
    </message>
    <message>
        <source>scales and zero points per channel must be tensors</source>
        <translation>逐通道的缩放因子和零点必须是张量</translation>
    </message>
    <message>
        <source>the file holds no values of this tensor</source>
        <translation>文件中没有这个张量的数值</translation>
    </message>
    <message>
        <source>values of this subclass of tensors are kept in a form that is not read</source>
        <translation>这种张量子类的数值以无法读取的形式保存</translation>
    </message>
    <message>
        <source>values of this tensor are kept in a form that is not read</source>
        <translation>这个张量的数值以无法读取的形式保存</translation>
    </message>
    <message>
        <source>a tensor was expected, not {}</source>
        <translation>应为张量，而不是 {}</translation>
    </message>
    <message>
        <source>a function and its arguments were expected</source>
        <translation>应为函数及其参数</translation>
    </message>
    <message>
        <source>the values would be made by {}</source>
        <translation>数值要由 {} 产生</translation>
    </message>
    <message>
        <source>the tensor is wrapped more than {} times</source>
        <translation>张量的包装超过 {} 层</translation>
    </message>
    <message>
        <source>a storage was expected, not {}</source>
        <translation>应为存储区，而不是 {}</translation>
    </message>
    <message>
        <source>the storage is untyped and the tensor does not say its element type</source>
        <translation>存储区没有类型，张量也没有说明元素类型</translation>
    </message>
    <message>
        <source>&apos;stride&apos; has {} dimensions, &apos;size&apos; has {}</source>
        <translation>&apos;stride&apos; 有 {} 个维度，&apos;size&apos; 有 {} 个</translation>
    </message>
    <message>
        <source>offset {}, size {} and stride {} reach past the {} elements of storage {}</source>
        <translation>偏移 {}、大小 {} 和步幅 {} 超出了 {} 个元素（存储区 {}）</translation>
    </message>
    <message>
        <source>it repeats {} stored elements more often than is read</source>
        <translation>它重复 {} 个存储的元素，次数超过可读取的限度</translation>
    </message>
    <message>
        <source>values are nested deeper than {} levels, the limit</source>
        <translation>值的嵌套超过 {} 层的上限</translation>
    </message>
    <message>
        <source>the name {} of a tensor has more than {} bytes, the limit</source>
        <translation>张量的名称 {} 超过 {} 字节的上限</translation>
    </message>
    <message>
        <source>names of tensors take more than {} bytes, the limit</source>
        <translation>张量的名称共超过 {} 字节的上限</translation>
    </message>
    <message>
        <source>storage {} has another type or size than at byte {}</source>
        <translation>存储区 {} 的类型或大小与字节 {} 处的不同</translation>
    </message>
    <message>
        <source>it must be a tuple (&apos;storage&apos;, type, key, location, size), not {}</source>
        <translation>它必须是元组 (&apos;storage&apos;, 类型, 键, 位置, 大小)，而不是 {}</translation>
    </message>
    <message>
        <source>it must be a tuple (&apos;storage&apos;, type, key, location, size) and has {} items</source>
        <translation>它必须是元组 (&apos;storage&apos;, 类型, 键, 位置, 大小)，却有 {} 项</translation>
    </message>
    <message>
        <source>it must be a tuple (&apos;storage&apos;, type, key, location, size) and has {} items, the first of which is not &apos;storage&apos;</source>
        <translation>它必须是元组 (&apos;storage&apos;, 类型, 键, 位置, 大小)，却有 {} 项，且第一项不是 &apos;storage&apos;</translation>
    </message>
    <message>
        <source>storage {}: its size must be a whole number from 0 on, not {}</source>
        <translation>存储区 {}：其大小必须是不小于 0 的整数，而不是 {}</translation>
    </message>
    <message>
        <source>the type of a storage must be a global, not {}</source>
        <translation>存储区的类型必须是全局名称，而不是 {}</translation>
    </message>
    <message>
        <source>the storage type {} is unknown</source>
        <translation>未知的存储区类型 {}</translation>
    </message>
    <message>
        <source>the key of a storage must be a decimal number, not {}</source>
        <translation>存储区的键必须是十进制数，而不是 {}</translation>
    </message>
    <message>
        <source>the view of a storage must be a tuple (key, offset, size)</source>
        <translation>存储区的视图必须是元组（键、偏移、大小）</translation>
    </message>
    <message>
        <source>a view of {} elements from {} on reaches past the {} of storage {}</source>
        <translation>视图有 {} 个元素，从 {} 起，超出了 {} 个元素（存储区 {}）</translation>
    </message>
    <message>
        <source>the file has more than {} tensors, the limit</source>
        <translation>文件中的张量超过 {} 个的上限</translation>
    </message>
    <message>
        <source>its elements are a few stored ones that repeat</source>
        <translation>它的元素是重复出现的少数几个存储元素</translation>
    </message>
    <message>
        <source>{} tensors had the name of another one and were renamed: {}</source>
        <translation>{} 个张量与另一个同名，已重新命名：{}</translation>
    </message>
    <message>
        <source>this is no PyTorch file: it starts neither as a ZIP archive nor with PyTorch&apos;s older mark</source>
        <translation>这不是 PyTorch 文件：它既不以 ZIP 归档开头，也不以 PyTorch 的旧标记开头</translation>
    </message>
    <message>
        <source>the entry unpacks to {} bytes after {} of others; the limit for an archive of {} bytes is {}</source>
        <translation>该条目解包后有 {} 字节，此前其他条目有 {} 字节；{} 字节的归档的上限是 {}</translation>
    </message>
    <message>
        <source>unpacking</source>
        <translation>正在解包</translation>
    </message>
    <message>
        <source>the checksum of the entry is {} instead of {}: it is damaged</source>
        <translation>条目的校验和是 {}，应为 {}：它已损坏</translation>
    </message>
    <message>
        <source>{} is {} {}, expected text</source>
        <translation>{} 是 {} {}，应为文本</translation>
    </message>
    <message>
        <source>{} does not say the shape of the weight</source>
        <translation>{} 没有说明权重的形状</translation>
    </message>
    <message>
        <source>{} gives a shape that is none</source>
        <translation>{} 给出的形状无效</translation>
    </message>
    <message>
        <source>{} does not say the size of blocks</source>
        <translation>{} 没有说明块的大小</translation>
    </message>
    <message>
        <source>the shape {} is too large</source>
        <translation>形状 {} 过大</translation>
    </message>
    <message>
        <source>the size of blocks of &apos;absmax&apos; is not said</source>
        <translation>没有说明 &apos;absmax&apos; 的块大小</translation>
    </message>
    <message>
        <source>there is no quant_state</source>
        <translation>没有 quant_state</translation>
    </message>
    <message>
        <source>codes of shape {}</source>
        <translation>形状为 {} 的量化码</translation>
    </message>
    <message>
        <source>the codes are ordered for one kernel (format {})</source>
        <translation>量化码按某个内核的次序排列（格式 {}）</translation>
    </message>
    <message>
        <source>{} has the shape {}</source>
        <translation>{} 的形状是 {}</translation>
    </message>
    <message>
        <source>codes of shape {} with a scale</source>
        <translation>形状为 {} 的量化码，带一个缩放因子</translation>
    </message>
    <message>
        <source>blocks of shape {}, expected 16 bytes each</source>
        <translation>形状为 {} 的块，应为每块 16 字节</translation>
    </message>
    <message>
        <source>{} has the type {}, expected f8_e4m3, f8_e8m0 or u8</source>
        <translation>{} 的类型是 {}，应为 f8_e4m3、f8_e8m0 或 u8</translation>
    </message>
    <message>
        <source>{} weights per row are no groups of {}</source>
        <translation>每行 {} 个权重不能分成 {} 个一组</translation>
    </message>
    <message>
        <source>its scales are ordered in tiles for one kernel</source>
        <translation>它的缩放因子按某个内核的分块次序排列</translation>
    </message>
    <message>
        <source>{} rows of codes do not fit {} groups</source>
        <translation>{} 行量化码与 {} 个组不符</translation>
    </message>
    <message>
        <source>a weight of shape {} in {} groups with codes of {} bits</source>
        <translation>形状为 {} 的权重，{} 个组，{} 比特的量化码</translation>
    </message>
    <message>
        <source>the file does not say the shape of the weight</source>
        <translation>文件没有说明权重的形状</translation>
    </message>
    <message>
        <source>codes of {} bits in elements of type {}</source>
        <translation>{} 比特的量化码存放在类型为 {} 的元素中</translation>
    </message>
    <message>
        <source>{} scales for codes of shape {}</source>
        <translation>{} 个缩放因子，对应形状为 {} 的量化码</translation>
    </message>
    <message>
        <source>codes of type {}</source>
        <translation>类型为 {} 的量化码</translation>
    </message>
    <message>
        <source>codes of shape {} with scales of shape {}</source>
        <translation>形状为 {} 的量化码，缩放因子的形状为 {}</translation>
    </message>
    <message>
        <source>codes of type {} and shape {} are ordered for one kernel</source>
        <translation>类型为 {}、形状为 {} 的量化码按某个内核的次序排列</translation>
    </message>
    <message>
        <source>{} has the shape {}, expected {} axes</source>
        <translation>{} 的形状是 {}，应为 {} 个轴</translation>
    </message>
    <message>
        <source>{} of shape {} does not fit {} outputs in {} groups</source>
        <translation>{} 的形状是 {}，与 {} 个输出、{} 个组不符</translation>
    </message>
    <message>
        <source>words of shape {} do not fit scales of shape {} (neither GPTQ&apos;s layout nor AWQ&apos;s &apos;gemm&apos;)</source>
        <translation>形状为 {} 的字与形状为 {} 的缩放因子不符（既不是 GPTQ 的布局，也不是 AWQ 的 &apos;gemm&apos;）</translation>
    </message>
    <message>
        <source>the words are ordered for one kernel on one kind of processor</source>
        <translation>这些字按某一类处理器上某个内核的次序排列</translation>
    </message>
    <message>
        <source>words of shape {} do not hold a weight of shape {}</source>
        <translation>形状为 {} 的字不能存放形状为 {} 的权重</translation>
    </message>
    <message>
        <source>its columns are in groups by activation order</source>
        <translation>它的列按激活次序分组</translation>
    </message>
    <message>
        <source>these are codes that kernels read</source>
        <translation>这些是供内核读取的量化码</translation>
    </message>
    <message>
        <source>{} has the shape {}, expected two or three axes</source>
        <translation>{} 的形状是 {}，应为两个或三个轴</translation>
    </message>
    <message>
        <source>{} words and {} scales per row fit neither 4 nor 8 bits in groups of {}</source>
        <translation>每行 {} 个字和 {} 个缩放因子，既不符合 4 比特也不符合 8 比特，{} 个一组</translation>
    </message>
    <message>
        <source>{} words and {} scales per row fit no width of codes in groups of 64, 32, 128 or 16</source>
        <translation>每行 {} 个字和 {} 个缩放因子，在 64、32、128 或 16 个一组时不符合任何位宽</translation>
    </message>
    <message>
        <source>there is a tensor {}, too</source>
        <translation>还有一个张量 {}</translation>
    </message>
    <message>
        <source>it is the bias of a stack of weights</source>
        <translation>它是权重堆叠的偏置</translation>
    </message>
    <message>
        <source>it belongs to codes that are not in this file</source>
        <translation>它属于不在这个文件中的量化码</translation>
    </message>
    <message>
        <source>as {} stores weights</source>
        <translation>按 {} 存储权重的方式</translation>
    </message>
    <message>
        <source>codes of {} that are not decoded: {}</source>
        <translation>{} 的量化码，未解码：{}</translation>
    </message>
    <message>
        <source>config.json says that weights are quantized already ({}), but the file holds no codes of a kind that is known</source>
        <translation>config.json 说权重已经量化（{}），但文件中没有已知种类的量化码</translation>
    </message>
    <message>
        <source>{} weights that look quantized by {} are not decoded, the first is {}</source>
        <translation>{} 个权重看来由 {} 量化，未解码，首个是 {}</translation>
    </message>
    <message>
        <source>there is no tensor {}</source>
        <translation>没有张量 {}</translation>
    </message>
    <message>
        <source>{} has the type {}</source>
        <translation>{} 的类型是 {}</translation>
    </message>
    <message>
        <source>{} holds {}</source>
        <translation>{} 含有 {}</translation>
    </message>
    <message>
        <source>{} scales do not divide {} weights</source>
        <translation>{} 个缩放因子不能整除 {} 个权重</translation>
    </message>
    <message>
        <source>words of shape {} do not hold a weight of shape {} in 4 or 8 bits</source>
        <translation>形状为 {} 的字不能以 4 或 8 比特存放形状为 {} 的权重</translation>
    </message>
    <message>
        <source>{} must hold two whole numbers, not {} {}</source>
        <translation>{} 必须含有两个整数，而不是 {} {}</translation>
    </message>
    <message>
        <source>{} holds {} and {}, expected the lengths of two axes</source>
        <translation>{} 含有 {} 和 {}，应为两个轴的长度</translation>
    </message>
    <message>
        <source>{} of shape {} does not divide a weight of shape {}</source>
        <translation>{} 的形状 {} 不能整除形状为 {} 的权重</translation>
    </message>
    <message>
        <source>{} is {} {} instead of {} {}</source>
        <translation>{} 是 {} {}，应为 {} {}</translation>
    </message>
    <message>
        <source>its columns are in groups by activation order, which is not decoded</source>
        <translation>它的列按激活次序分组，未解码</translation>
    </message>
    <message>
        <source>compressed-tensors stores weights [out, in]</source>
        <translation>compressed-tensors 的权重存储为 [输出, 输入]</translation>
    </message>
    <message>
        <source>{} weights that look quantized by compressed-tensors are not decoded, the first is {}</source>
        <translation>{} 个权重看来由 compressed-tensors 量化，未解码，首个是 {}</translation>
    </message>
    <message>
        <source>Conv1D weights are stored [in, out]: there is one bias per column</source>
        <translation>Conv1D 的权重存储为 [输入, 输出]：每列有一个偏置</translation>
    </message>
    <message>
        <source>Conv1D weights are stored [in, out], as the biases of other layers show</source>
        <translation>Conv1D 的权重存储为 [输入, 输出]，其他层的偏置可以说明</translation>
    </message>
    <message>
        <source>Conv1D weights are stored [in, out]: config.json names {}</source>
        <translation>Conv1D 的权重存储为 [输入, 输出]：config.json 指明 {}</translation>
    </message>
    <message>
        <source>taken for Linear, [out, in]; a Conv1D layer of this name would be [in, out]</source>
        <translation>当作线性层 [输出, 输入]；此名称的 Conv1D 层会是 [输入, 输出]</translation>
    </message>
    <message>
        <source>&apos;{}&apos; must be an array of strings</source>
        <translation>“{}”必须是字符串数组</translation>
    </message>
    <message>
        <source>&apos;{}&apos; must be an array of strings, not of {}</source>
        <translation>“{}”必须是字符串数组，而不是 {} 数组</translation>
    </message>
    <message>
        <source>names of sample tensors must be strings</source>
        <translation>样本张量的名称必须是字符串</translation>
    </message>
    <message>
        <source>&apos;inputs&apos; is missing</source>
        <translation>缺少 &apos;inputs&apos;</translation>
    </message>
    <message>
        <source>the inputs must be a float tensor [samples, features], not {} {}</source>
        <translation>输入必须是浮点张量 [样本, 特征]，而不是 {} {}</translation>
    </message>
    <message>
        <source>the labels must be whole numbers of shape [{}], not {} {}</source>
        <translation>标签必须是形状为 [{}] 的整数，而不是 {} {}</translation>
    </message>
    <message>
        <source>it must be an object, not {}</source>
        <translation>它必须是对象，而不是 {}</translation>
    </message>
    <message>
        <source>the samples of the metadata &apos;{}&apos; are not used: {}</source>
        <translation>不使用元数据“{}”中的样本：{}</translation>
    </message>
    <message>
        <source>&apos;layers&apos; is empty</source>
        <translation>&apos;layers&apos; 是空的</translation>
    </message>
    <message>
        <source>there are {} layers but {} activations</source>
        <translation>有 {} 个层，但有 {} 个激活函数</translation>
    </message>
    <message>
        <source>unknown activation {}</source>
        <translation>未知的激活函数 {}</translation>
    </message>
    <message>
        <source>the metadata &apos;{}&apos; is not used: {}</source>
        <translation>不使用元数据“{}”：{}</translation>
    </message>
    <message>
        <source>the layer {} stands there twice</source>
        <translation>层 {} 出现了两次</translation>
    </message>
    <message>
        <source>the layer {} does not exist</source>
        <translation>层 {} 不存在</translation>
    </message>
    <message>
        <source>&apos;{}&apos; must be true or false, not {}</source>
        <translation>“{}”必须是 true 或 false，而不是 {}</translation>
    </message>
    <message>
        <source>&apos;op&apos; must be linear, conv, recurrent, embedding, conv_transpose or matmul</source>
        <translation>&apos;op&apos; 必须是 linear、conv、recurrent、embedding、conv_transpose 或 matmul</translation>
    </message>
    <message>
        <source>&apos;bias&apos; must name a float tensor of one axis</source>
        <translation>&apos;bias&apos; 必须指明一个单轴的浮点张量</translation>
    </message>
    <message>
        <source>&apos;axis&apos; must be a whole number from 0 to {}</source>
        <translation>&apos;axis&apos; 必须是 0 到 {} 的整数</translation>
    </message>
    <message>
        <source>&apos;stack&apos; must be a whole number from 0 to {}</source>
        <translation>&apos;stack&apos; 必须是 0 到 {} 的整数</translation>
    </message>
    <message>
        <source>&apos;reason&apos; must be a string, not {}</source>
        <translation>&apos;reason&apos; 必须是字符串，而不是 {}</translation>
    </message>
    <message>
        <source>there is no such tensor of two or more axes</source>
        <translation>没有两个或更多轴的这样一个张量</translation>
    </message>
    <message>
        <source>&apos;stack&apos; counts axes before &apos;axis&apos; only</source>
        <translation>&apos;stack&apos; 只计算 &apos;axis&apos; 之前的轴</translation>
    </message>
    <message>
        <source>&apos;bias&apos; does not have one value per output</source>
        <translation>&apos;bias&apos; 不是每个输出一个值</translation>
    </message>
    <message>
        <source>it must be an object</source>
        <translation>它必须是对象</translation>
    </message>
    <message>
        <source>the metadata &apos;{}&apos; about tensor {} is not used: {}</source>
        <translation>不使用元数据“{}”（关于张量 {}）：{}</translation>
    </message>
    <message>
        <source>Linear weights are stored [out, in]</source>
        <translation>线性层的权重存储为 [输出, 输入]</translation>
    </message>
    <message>
        <source>convolution weights are stored [out, in, kernel]</source>
        <translation>卷积的权重存储为 [输出, 输入, 核]</translation>
    </message>
    <message>
        <source>recurrent weights are stored [gates × hidden, in]</source>
        <translation>循环层的权重存储为 [门 × 隐藏, 输入]</translation>
    </message>
    <message>
        <source>embeddings are stored one row per entry</source>
        <translation>嵌入按每个条目一行存储</translation>
    </message>
    <message>
        <source>transposed convolution weights are stored [in, out, kernel]</source>
        <translation>转置卷积的权重存储为 [输入, 输出, 核]</translation>
    </message>
    <message>
        <source>factors of matrix products are stored [in, out]</source>
        <translation>矩阵乘法的因子存储为 [输入, 输出]</translation>
    </message>
    <message>
        <source>weights of type {} are not quantized, only those of f64, f32, f16 and bf16</source>
        <translation>类型为 {} 的权重不量化，只量化 f64、f32、f16 和 bf16</translation>
    </message>
    <message>
        <source>nothing multiplies by it</source>
        <translation>没有运算与它相乘</translation>
    </message>
    <message>
        <source>weights of a layer, as the file says</source>
        <translation>按文件所述，是一个层的权重</translation>
    </message>
    <message>
        <source>belongs to the codes of a quantized weight</source>
        <translation>属于某个量化权重的量化码</translation>
    </message>
    <message>
        <source>{}, as rule {} says</source>
        <translation>{}，依据规则 {}</translation>
    </message>
    <message>
        <source>a tensor of shape {} cannot be {}: that takes {} axes or more</source>
        <translation>形状为 {} 的张量不能是{}：那需要 {} 个或更多的轴</translation>
    </message>
    <message>
        <source>rule {}</source>
        <translation>规则 {}</translation>
    </message>
    <message>
        <source>a rule of the recipe says so</source>
        <translation>配方中的一条规则如此规定</translation>
    </message>
    <message>
        <source>direction of a weight in two parts: the weight is magnitude times direction</source>
        <translation>分为两部分的权重的方向：权重等于幅值乘以方向</translation>
    </message>
    <message>
        <source>magnitude of a weight in two parts: the weight is magnitude times direction</source>
        <translation>分为两部分的权重的幅值：权重等于幅值乘以方向</translation>
    </message>
    <message>
        <source>state of an optimizer, which training keeps for each weight</source>
        <translation>优化器的状态，训练时为每个权重保存</translation>
    </message>
    <message>
        <source>averaged copy that training keeps beside the weights</source>
        <translation>训练时在权重旁边保存的平均副本</translation>
    </message>
    <message>
        <source>factor of an adapter, which is multiplied with the weight&apos;s input or added to it</source>
        <translation>适配器的因子，与权重的输入相乘或与之相加</translation>
    </message>
    <message>
        <source>part of an adapter that no activation is multiplied by as a matrix</source>
        <translation>适配器的一部分，没有激活值与它做矩阵乘法</translation>
    </message>
    <message>
        <source>belongs to a normalisation, which works element by element</source>
        <translation>属于逐元素计算的归一化</translation>
    </message>
    <message>
        <source>bias: it is added</source>
        <translation>偏置：与结果相加</translation>
    </message>
    <message>
        <source>mask: it hides elements and is no weight</source>
        <translation>掩码：它遮住元素，不是权重</translation>
    </message>
    <message>
        <source>table of positions, angles or offsets: it is looked up and added or multiplied element by element</source>
        <translation>位置、角度或偏移的表：查表后逐元素相加或相乘</translation>
    </message>
    <message>
        <source>learned values that are added or multiplied element by element</source>
        <translation>逐元素相加或相乘的学习值</translation>
    </message>
    <message>
        <source>rows are looked up in it</source>
        <translation>从中查取行</translation>
    </message>
    <message>
        <source>codebook: values that codes stand for</source>
        <translation>码本：量化码所代表的数值</translation>
    </message>
    <message>
        <source>numbers that the program keeps beside its weights</source>
        <translation>程序在权重旁边保存的数</translation>
    </message>
    <message>
        <source>matrix of a linear layer</source>
        <translation>线性层的矩阵</translation>
    </message>
    <message>
        <source>kernel of a convolution</source>
        <translation>卷积的核</translation>
    </message>
    <message>
        <source>matrices on top of each other, one per expert</source>
        <translation>层叠的矩阵，每个专家一个</translation>
    </message>
    <message>
        <source>stacks are stored [matrices, out, in]</source>
        <translation>堆叠存储为 [矩阵, 输出, 输入]</translation>
    </message>
    <message>
        <source>this stack is stored [matrices, in, out]</source>
        <translation>这个堆叠存储为 [矩阵, 输入, 输出]</translation>
    </message>
    <message>
        <source>it is stored [in, out]: activations are multiplied from the left</source>
        <translation>它存储为 [输入, 输出]：激活值从左侧相乘</translation>
    </message>
    <message>
        <source>weight before a spectral norm or a pruning mask is applied to it</source>
        <translation>应用谱归一化或剪枝掩码之前的权重</translation>
    </message>
    <message>
        <source>codes of a quantized weight</source>
        <translation>量化权重的码</translation>
    </message>
    <message>
        <source>whole numbers in the place of a weight</source>
        <translation>权重位置上的整数</translation>
    </message>
    <message>
        <source>factor that scales an adapter</source>
        <translation>适配器的缩放因子</translation>
    </message>
    <message>
        <source>vector of a spectral norm</source>
        <translation>谱归一化的向量</translation>
    </message>
    <message>
        <source>causal mask that attention keeps as a buffer</source>
        <translation>注意力作为缓冲区保存的因果掩码</translation>
    </message>
    <message>
        <source>added to attention scores</source>
        <translation>加到注意力分数上</translation>
    </message>
    <message>
        <source>running statistics of a normalisation</source>
        <translation>归一化的滑动统计量</translation>
    </message>
    <message>
        <source>matrices of all gates of a recurrent layer</source>
        <translation>循环层所有门的矩阵</translation>
    </message>
    <message>
        <source>kernels of Flax and TensorFlow are stored [in, out]</source>
        <translation>Flax 和 TensorFlow 的核存储为 [输入, 输出]</translation>
    </message>
    <message>
        <source>kernels of Flax and TensorFlow are stored [kernel, in, out]</source>
        <translation>Flax 和 TensorFlow 的核存储为 [核, 输入, 输出]</translation>
    </message>
    <message>
        <source>a single value</source>
        <translation>单个数值</translation>
    </message>
    <message>
        <source>one factor per channel: it is multiplied element by element</source>
        <translation>逐通道的因子：逐元素相乘</translation>
    </message>
    <message>
        <source>this stack is stored [matrices, in, out], as the shapes of its neighbours show</source>
        <translation>这个堆叠存储为 [矩阵, 输入, 输出]，相邻张量的形状可以说明</translation>
    </message>
    <message>
        <source>transposed convolution weights are stored [in, out, kernel]: there is one bias per entry of axis 1</source>
        <translation>转置卷积的权重存储为 [输入, 输出, 核]：轴 1 的每个条目有一个偏置</translation>
    </message>
    <message>
        <source>&apos;{}&apos; must be a whole number from 0 to {}</source>
        <translation>“{}”必须是 0 到 {} 的整数</translation>
    </message>
    <message>
        <source>&apos;dtype&apos; must be f64, f32, f16 or bf16</source>
        <translation>&apos;dtype&apos; 必须是 f64、f32、f16 或 bf16</translation>
    </message>
    <message>
        <source>as the file&apos;s metadata says</source>
        <translation>按文件元数据所述</translation>
    </message>
    <message>
        <source>&apos;{}&apos; is missing</source>
        <translation>缺少“{}”</translation>
    </message>
    <message>
        <source>{} has shape {} instead of {}</source>
        <translation>{} 的形状是 {}，应为 {}</translation>
    </message>
    <message>
        <source>it has offsets and zero points</source>
        <translation>它同时有偏移和零点</translation>
    </message>
    <message>
        <source>it is symmetric but has zero points</source>
        <translation>它是对称的，却有零点</translation>
    </message>
    <message>
        <source>&apos;shape&apos; must be a list of two or more lengths</source>
        <translation>&apos;shape&apos; 必须是两个或更多长度的列表</translation>
    </message>
    <message>
        <source>&apos;shape&apos; must be a list of lengths from 1 on whose product fits 61 bits</source>
        <translation>&apos;shape&apos; 必须是不小于 1 的长度的列表，其乘积不超过 61 比特</translation>
    </message>
    <message>
        <source>&apos;packing&apos; must be uint2 to uint7</source>
        <translation>&apos;packing&apos; 必须是 uint2 到 uint7</translation>
    </message>
    <message>
        <source>packed codes must be u8 {}, not {} {}</source>
        <translation>打包的量化码必须是 u8 {}，而不是 {} {}</translation>
    </message>
    <message>
        <source>codes must be i8 with two or more axes, not {} {}</source>
        <translation>量化码必须是 i8，有两个或更多轴，而不是 {} {}</translation>
    </message>
    <message>
        <source>&apos;bits&apos; is {}, the packed codes have {}</source>
        <translation>&apos;bits&apos; 是 {}，打包的量化码是 {}</translation>
    </message>
    <message>
        <source>there is no such tensor</source>
        <translation>没有这样一个张量</translation>
    </message>
    <message>
        <source>there are no scales</source>
        <translation>没有缩放因子</translation>
    </message>
    <message>
        <source>{} is {} {}, expected {} floating-point scales</source>
        <translation>{} 是 {} {}，应为 {} 个浮点缩放因子</translation>
    </message>
    <message>
        <source>{} is {} {}, expected {} zero points of type {}</source>
        <translation>{} 是 {} {}，应为 {} 个类型为 {} 的零点</translation>
    </message>
    <message>
        <source>int8 Linear weights are stored [out, in]</source>
        <translation>int8 线性层的权重存储为 [输出, 输入]</translation>
    </message>
    <message>
        <source>values of type {} are not decoded</source>
        <translation>类型为 {} 的数值未解码</translation>
    </message>
    <message>
        <source>&apos;{}&apos; is no Linear layer (shape {})</source>
        <translation>“{}”不是线性层（形状 {}）</translation>
    </message>
    <message>
        <source>the values of &apos;{}&apos; are not known: {}</source>
        <translation>“{}”的数值未知：{}</translation>
    </message>
    <message>
        <source>&apos;{}&apos; is empty (shape {})</source>
        <translation>“{}”是空的（形状 {}）</translation>
    </message>
    <message>
        <source>&apos;{}&apos; takes {} inputs, but the layer before it gives {}</source>
        <translation>“{}”需要 {} 个输入，但前一层给出 {} 个</translation>
    </message>
    <message>
        <source>the file declares a network with a layer &apos;{}&apos; that it does not hold</source>
        <translation>文件声明的网络含有层“{}”，而文件中没有该层</translation>
    </message>
    <message>
        <source>the network that the file declares does not fit together: {}</source>
        <translation>文件声明的网络前后不符：{}</translation>
    </message>
    <message>
        <source>the network that the file declares has no layers</source>
        <translation>文件声明的网络没有层</translation>
    </message>
    <message>
        <source>the file holds no layers</source>
        <translation>文件中没有层</translation>
    </message>
    <message>
        <source>no chain of layers recognised: &apos;{}&apos; and &apos;{}&apos; differ in more than numbers</source>
        <translation>没有识别出层链：“{}”和“{}”的差别不只在于数字</translation>
    </message>
    <message>
        <source>no chain of layers recognised: {}</source>
        <translation>没有识别出层链：{}</translation>
    </message>
    <message>
        <source>no chain of layers recognised: nobody knows where &apos;{}&apos; belongs</source>
        <translation>没有识别出层链：不知道“{}”属于何处</translation>
    </message>
    <message>
        <source>one layer, {} after it ({})</source>
        <translation>一个层，其后为 {}（{}）</translation>
    </message>
    <message>
        <source>no activation</source>
        <translation>没有激活函数</translation>
    </message>
    <message>
        <source>{} layers in order, each with its own activation ({})</source>
        <translation>{} 个层依次排列，各有自己的激活函数（{}）</translation>
    </message>
    <message>
        <source>{} layers in order, {} between them, {} after the last ({})</source>
        <translation>{} 个层依次排列，层间为 {}，最后一层之后为 {}（{}）</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>declared by the file</source>
        <translation>由文件声明</translation>
    </message>
    <message>
        <source>assumed from names and shapes</source>
        <translation>根据名称和形状假定</translation>
    </message>
    <message>
        <source>activation chosen by you</source>
        <translation>激活函数由您选择</translation>
    </message>
    <message>
        <source>config.json has no usable number for {}</source>
        <translation>config.json 中没有可用的数值：{}</translation>
    </message>
    <message>
        <source>config.json has no {}</source>
        <translation>config.json 中没有 {}</translation>
    </message>
    <message>
        <source>{} heads and {} heads of keys in config.json do not fit each other</source>
        <translation>config.json 中的 {} 个头和 {} 个键的头彼此不符</translation>
    </message>
    <message>
        <source>rope type {} is not supported</source>
        <translation>不支持 rope 类型 {}</translation>
    </message>
    <message>
        <source>no config.json stands beside it</source>
        <translation>它的旁边没有 config.json</translation>
    </message>
    <message>
        <source>config.json says model_type {}; networks can be built for {}</source>
        <translation>config.json 的 model_type 是 {}；能够建立的网络有 {}</translation>
    </message>
    <message>
        <source>the activation {} of config.json is not known</source>
        <translation>未知的激活函数 {}（config.json）</translation>
    </message>
    <message>
        <source>the tensor {} is missing</source>
        <translation>缺少张量 {}</translation>
    </message>
    <message>
        <source>{} is {}; config.json asks for {}</source>
        <translation>{} 是 {}；config.json 要求 {}</translation>
    </message>
    <message>
        <source>the file carries no graph</source>
        <translation>文件中没有计算图</translation>
    </message>
    <message>
        <source>the metadata declares no network</source>
        <translation>元数据没有声明网络</translation>
    </message>
    <message>
        <source>names do not count beside a declared network</source>
        <translation>在声明了网络的情况下不看名称</translation>
    </message>
    <message>
        <source>from the file</source>
        <translation>取自文件</translation>
    </message>
    <message>
        <source>declared by the metadata</source>
        <translation>由元数据声明</translation>
    </message>
    <message>
        <source>built from config.json</source>
        <translation>根据 config.json 建立</translation>
    </message>
    <message>
        <source>{} {}</source>
        <translation>{} {}</translation>
    </message>
    <message>
        <source>{} … and {} more</source>
        <translation>{} … 还有 {} 个</translation>
    </message>
    <message>
        <source>no inputs</source>
        <translation>没有输入</translation>
    </message>
    <message>
        <source>input {}</source>
        <translation>输入 {}</translation>
    </message>
    <message>
        <source>inputs {}</source>
        <translation>输入 {}</translation>
    </message>
    <message>
        <source>no outputs</source>
        <translation>没有输出</translation>
    </message>
    <message>
        <source>output {}</source>
        <translation>输出 {}</translation>
    </message>
    <message>
        <source>outputs {}</source>
        <translation>输出 {}</translation>
    </message>
    <message>
        <source>of unknown shape</source>
        <translation>形状未知</translation>
    </message>
    <message>
        <source>({})</source>
        <translation>（{}）</translation>
    </message>
    <message>
        <source>1 node</source>
        <translation>1 个节点</translation>
    </message>
    <message>
        <source>{} nodes</source>
        <translation>{} 个节点</translation>
    </message>
    <message>
        <source>{}, opset {}</source>
        <translation>{}，opset {}</translation>
    </message>
    <message>
        <source>{}, {}, {}</source>
        <translation>{}，{}，{}</translation>
    </message>
    <message>
        <source>not valid JSON: {}</source>
        <translation>不是有效的 JSON：{}</translation>
    </message>
    <message>
        <source>{}, byte {}</source>
        <translation>{}，字节 {}</translation>
    </message>
    <message>
        <source>the JSON is nested deeper than {} levels</source>
        <translation>JSON 的嵌套超过 {} 层</translation>
    </message>
    <message>
        <source>the key {} stands twice in one object</source>
        <translation>键 {} 在一个对象中出现了两次</translation>
    </message>
    <message>
        <source>the values take more than {} bytes of memory, which is the limit</source>
        <translation>数值占用的内存超过 {} 字节的上限</translation>
    </message>
    <message>
        <source>null</source>
        <translation>null</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true 或 false</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a negative number</source>
        <translation>负数</translation>
    </message>
    <message>
        <source>a fractional or too large number</source>
        <translation>小数或过大的数</translation>
    </message>
    <message>
        <source>an array</source>
        <translation>数组</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>not valid JSON: zero byte</source>
        <translation>不是有效的 JSON：零字节</translation>
    </message>
    <message>
        <source>not valid JSON</source>
        <translation>不是有效的 JSON</translation>
    </message>
    <message>
        <source>not enough memory for the JSON text</source>
        <translation>内存不足，无法读取 JSON 文本</translation>
    </message>
    <message>
        <source>it must hold an object, not {}</source>
        <translation>它必须存放一个对象，而不是 {}</translation>
    </message>
    <message>
        <source>{}: STOP was expected</source>
        <translation>{}：应为 STOP</translation>
    </message>
    <message>
        <source>the pickle has more than {} opcodes, the limit</source>
        <translation>pickle 的操作码超过 {} 个的上限</translation>
    </message>
    <message>
        <source>the opcode is not accepted: no state dict needs it</source>
        <translation>不接受该操作码：状态字典用不到它</translation>
    </message>
    <message>
        <source>the pickle is empty</source>
        <translation>pickle 是空的</translation>
    </message>
    <message>
        <source>the pickle starts with 0x{} and not with PROTO (0x80)</source>
        <translation>pickle 以 0x{} 开头，而不是 PROTO (0x80)</translation>
    </message>
    <message>
        <source>the protocol is given a second time</source>
        <translation>协议给出了第二次</translation>
    </message>
    <message>
        <source>the protocol is {}, supported are 2 to 5</source>
        <translation>协议是 {}，支持 2 到 5</translation>
    </message>
    <message>
        <source>a frame of {} bytes is announced, {} follow</source>
        <translation>声明有 {} 字节的帧，后面有 {} 字节</translation>
    </message>
    <message>
        <source>the stack holds {} values and {} marks instead of one value</source>
        <translation>栈中有 {} 个值和 {} 个标记，应为一个值</translation>
    </message>
    <message>
        <source>more than {} marks are open, the limit</source>
        <translation>未关闭的标记超过 {} 个的上限</translation>
    </message>
    <message>
        <source>a whole number of {} bytes: the limit is 8</source>
        <translation>{} 字节的整数：上限是 8 字节</translation>
    </message>
    <message>
        <source>the text {} is not UTF-8</source>
        <translation>文本 {} 不是 UTF-8</translation>
    </message>
    <message>
        <source>it works on {}, not on {}</source>
        <translation>它作用于{}，而不是{}</translation>
    </message>
    <message>
        <source>keys and values are {}: one has no partner</source>
        <translation>键和值共有 {} 个：有一个没有配对</translation>
    </message>
    <message>
        <source>{} cannot be a key</source>
        <translation>{}不能用作键</translation>
    </message>
    <message>
        <source>a global is named by two strings, not by {} and {}</source>
        <translation>全局名称由两个字符串给出，而不是{}和{}</translation>
    </message>
    <message>
        <source>{} is no name of a global</source>
        <translation>{} 不是全局名称</translation>
    </message>
    <message>
        <source>a global is called, not {}</source>
        <translation>被调用的应为全局名称，而不是{}</translation>
    </message>
    <message>
        <source>the arguments of a call are a tuple, not {}</source>
        <translation>调用的参数应为元组，而不是{}</translation>
    </message>
    <message>
        <source>a dictionary is made from pairs of key and value</source>
        <translation>字典由键和值的配对组成</translation>
    </message>
    <message>
        <source>nothing was remembered under {}</source>
        <translation>{} 之下没有记住任何内容</translation>
    </message>
    <message>
        <source>None</source>
        <translation>None</translation>
    </message>
    <message>
        <source>True or False</source>
        <translation>True 或 False</translation>
    </message>
    <message>
        <source>a fractional number</source>
        <translation>小数</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>字节串</translation>
    </message>
    <message>
        <source>a tuple</source>
        <translation>元组</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>a dictionary</source>
        <translation>字典</translation>
    </message>
    <message>
        <source>a set</source>
        <translation>集合</translation>
    </message>
    <message>
        <source>a global</source>
        <translation>全局名称</translation>
    </message>
    <message>
        <source>a storage</source>
        <translation>存储区</translation>
    </message>
    <message>
        <source>the pickle is longer than {} bytes, the limit</source>
        <translation>pickle 超过 {} 字节的上限</translation>
    </message>
    <message>
        <source>the pickle is cut off here</source>
        <translation>pickle 在此处被截断</translation>
    </message>
    <message>
        <source>{}, pickle opcode {}, byte {}</source>
        <translation>{}，pickle 操作码 {}，字节 {}</translation>
    </message>
    <message>
        <source>the pickle needs more than {} bytes of memory, the limit</source>
        <translation>pickle 需要的内存超过 {} 字节的上限</translation>
    </message>
    <message>
        <source>{} bytes of text are announced, {} follow</source>
        <translation>声明有 {} 字节的文本，后面有 {} 字节</translation>
    </message>
    <message>
        <source>the name has more than {} bytes, the limit</source>
        <translation>名称超过 {} 字节的上限</translation>
    </message>
    <message>
        <source>the stack is empty</source>
        <translation>栈是空的</translation>
    </message>
    <message>
        <source>there is no mark</source>
        <translation>没有标记</translation>
    </message>
    <message>
        <source>the pickle makes more than {} values, the limit</source>
        <translation>pickle 产生的值超过 {} 个的上限</translation>
    </message>
    <message>
        <source>it does not work on {}</source>
        <translation>它不能作用于{}</translation>
    </message>
    <message>
        <source>it does not work on what {} makes</source>
        <translation>它不能作用于 {} 所产生的值</translation>
    </message>
    <message>
        <source>a varint</source>
        <translation>变长整数</translation>
    </message>
    <message>
        <source>8 bytes</source>
        <translation>8 个字节</translation>
    </message>
    <message>
        <source>a length and bytes</source>
        <translation>长度和字节串</translation>
    </message>
    <message>
        <source>4 bytes</source>
        <translation>4 个字节</translation>
    </message>
    <message>
        <source>the field number is {}, expected 1 to {}</source>
        <translation>字段编号是 {}，应为 1 到 {}</translation>
    </message>
    <message>
        <source>the wire type is {}, expected 0, 1, 2 or 5</source>
        <translation>线路类型是 {}，应为 0、1、2 或 5</translation>
    </message>
    <message>
        <source>the field has {} bytes from byte {} on, but its message ends at byte {}</source>
        <translation>字段有 {} 字节，起始字节 {}，但其消息结束于字节 {}</translation>
    </message>
    <message>
        <source>the varint at byte {} goes beyond the end of its message or field, byte {}</source>
        <translation>字节 {} 处的变长整数超出了其消息或字段的结尾，即字节 {}</translation>
    </message>
    <message>
        <source>the varint at byte {} has more than 64 bits</source>
        <translation>字节 {} 处的变长整数超过 64 比特</translation>
    </message>
    <message>
        <source>the field is written as {}, expected {}</source>
        <translation>字段写成了{}，应为{}</translation>
    </message>
    <message>
        <source>{} {}, byte {}</source>
        <translation>{} {}，字节 {}</translation>
    </message>
    <message>
        <source>{} {}, field {}, byte {}</source>
        <translation>{} {}，字段 {}，字节 {}</translation>
    </message>
    <message>
        <source>{} {}, field {} ({}), byte {}</source>
        <translation>{} {}，字段 {}（{}），字节 {}</translation>
    </message>
    <message>
        <source>entry {}</source>
        <translation>条目 {}</translation>
    </message>
    <message>
        <source>a second entry has the same name</source>
        <translation>另有一个条目同名</translation>
    </message>
    <message>
        <source>{} entries of the archive differ from another only by case: some programs mix them up</source>
        <translation>归档中有 {} 个条目与另一个仅大小写不同：有些程序会混淆它们</translation>
    </message>
    <message>
        <source>it begins inside the entry before it, which ends at byte {}</source>
        <translation>它始于前一个条目之内，后者结束于字节 {}</translation>
    </message>
    <message>
        <source>the first entry does not begin at byte 0</source>
        <translation>第一个条目不是始于字节 0</translation>
    </message>
    <message>
        <source>central directory</source>
        <translation>中央目录</translation>
    </message>
    <message>
        <source>the {} entries end here, but the directory has {} bytes more</source>
        <translation>{} 个条目在此结束，但目录还有 {} 字节</translation>
    </message>
    <message>
        <source>{}, ZIP {}, byte {}</source>
        <translation>{}，ZIP {}，字节 {}</translation>
    </message>
    <message>
        <source>end of central directory</source>
        <translation>中央目录结尾</translation>
    </message>
    <message>
        <source>there is a second one at byte {}: it is not clear which counts</source>
        <translation>字节 {} 处还有第二个：不清楚以哪个为准</translation>
    </message>
    <message>
        <source>the file does not end with it: it is cut off, or bytes or a comment of another length follow</source>
        <translation>文件不以它结束：文件被截断，或其后有其他字节或长度不同的注释</translation>
    </message>
    <message>
        <source>end of central directory of 64 bits</source>
        <translation>64 位中央目录结尾</translation>
    </message>
    <message>
        <source>locator of 64 bits</source>
        <translation>64 位定位记录</translation>
    </message>
    <message>
        <source>the archive is split over several disks</source>
        <translation>归档分布在多个磁盘上</translation>
    </message>
    <message>
        <source>it points to byte {}, which is not before byte {}</source>
        <translation>它指向字节 {}，不在字节 {} 之前</translation>
    </message>
    <message>
        <source>the signature is wrong</source>
        <translation>签名有误</translation>
    </message>
    <message>
        <source>its size is {} instead of {}</source>
        <translation>它的大小是 {}，应为 {}</translation>
    </message>
    <message>
        <source>it contradicts the end of central directory</source>
        <translation>它与中央目录结尾矛盾</translation>
    </message>
    <message>
        <source>{} of {} entries are said to be here</source>
        <translation>声称 {} 个条目（共 {} 个）在此</translation>
    </message>
    <message>
        <source>the archive is split over {} disks</source>
        <translation>归档分布在 {} 个磁盘上</translation>
    </message>
    <message>
        <source>the directory is said to have {} bytes from byte {} on, but must end at byte {}</source>
        <translation>目录声称有 {} 字节，起始字节 {}，但必须结束于字节 {}</translation>
    </message>
    <message>
        <source>{} entries do not fit into {} bytes</source>
        <translation>{} 个条目放不进 {} 字节</translation>
    </message>
    <message>
        <source>the archive has {} entries, the limit is {}</source>
        <translation>归档有 {} 个条目，上限是 {}</translation>
    </message>
    <message>
        <source>its name is empty</source>
        <translation>它的名称是空的</translation>
    </message>
    <message>
        <source>its name holds a zero byte</source>
        <translation>它的名称含有零字节</translation>
    </message>
    <message>
        <source>its name holds a backslash</source>
        <translation>它的名称含有反斜杠</translation>
    </message>
    <message>
        <source>its name is an absolute path</source>
        <translation>它的名称是绝对路径</translation>
    </message>
    <message>
        <source>its name leads out of the archive with &apos;..&apos;</source>
        <translation>它的名称用“..”指向归档之外</translation>
    </message>
    <message>
        <source>its name is said to be UTF-8 and is not</source>
        <translation>它的名称声称是 UTF-8，实际不是</translation>
    </message>
    <message>
        <source>its name has {} bytes, the limit is {}</source>
        <translation>它的名称有 {} 字节，上限是 {}</translation>
    </message>
    <message>
        <source>a part of the extra field reaches past its end</source>
        <translation>附加字段的一部分超出了它的结尾</translation>
    </message>
    <message>
        <source>a number of 64 bits is missing in the ZIP64 extra field</source>
        <translation>ZIP64 附加字段中缺少一个 64 位的数</translation>
    </message>
    <message>
        <source>it is on disk {} of a split archive</source>
        <translation>它位于分卷归档的磁盘 {} 上</translation>
    </message>
    <message>
        <source>it is stored as it is, yet has {} bytes stored and {} unpacked</source>
        <translation>它未经压缩，却有 {} 字节存储、{} 字节解包</translation>
    </message>
    <message>
        <source>it is a folder and has {} bytes</source>
        <translation>它是文件夹，却有 {} 字节</translation>
    </message>
    <message>
        <source>it has {} bytes stored, the whole file has {}</source>
        <translation>它存储了 {} 字节，而整个文件有 {} 字节</translation>
    </message>
    <message>
        <source>{} bytes cannot have been packed into {}: the limit is {} to 1</source>
        <translation>{} 字节不可能压缩成 {} 字节：上限是 {} 比 1</translation>
    </message>
    <message>
        <source>its local header says {} bytes stored, {} unpacked, checksum {}; the directory says {}, {}, {}</source>
        <translation>它的本地文件头说存储 {} 字节、解包 {} 字节、校验和 {}；目录说 {}、{}、{}</translation>
    </message>
    <message>
        <source>the data descriptor behind the payload contradicts the directory</source>
        <translation>数据之后的数据描述符与目录矛盾</translation>
    </message>
    <message>
        <source>a header of an entry was expected</source>
        <translation>应为条目的文件头</translation>
    </message>
    <message>
        <source>name, extra field and comment do not fit into the directory</source>
        <translation>名称、附加字段和注释放不进目录</translation>
    </message>
    <message>
        <source>it is encrypted, masked or a patch (flags 0x{})</source>
        <translation>它经过加密、遮蔽或是补丁（标志 0x{}）</translation>
    </message>
    <message>
        <source>its compression method is {}, supported are 0 (stored) and 8 (deflated)</source>
        <translation>它的压缩方法是 {}，支持 0（存储）和 8（deflate）</translation>
    </message>
    <message>
        <source>its local header is said to be at byte {}, but the directory begins at {}</source>
        <translation>它的本地文件头声称位于字节 {}，但目录始于 {}</translation>
    </message>
    <message>
        <source>the signature of its local header is wrong</source>
        <translation>它的本地文件头的签名有误</translation>
    </message>
    <message>
        <source>name, extra field and {} bytes of payload reach into the directory at {}</source>
        <translation>名称、附加字段和 {} 字节的数据伸入位于 {} 的目录</translation>
    </message>
    <message>
        <source>its local header has another name</source>
        <translation>它的本地文件头中的名称不同</translation>
    </message>
    <message>
        <source>its local header has the compression method {}</source>
        <translation>它的本地文件头中的压缩方法是 {}</translation>
    </message>
    <message>
        <source>its local header has the flags 0x{}</source>
        <translation>它的本地文件头中的标志是 0x{}</translation>
    </message>
    <message>
        <source>the deflated bytes are damaged</source>
        <translation>压缩数据已损坏</translation>
    </message>
    <message>
        <source>the deflated bytes end after {} of {} bytes</source>
        <translation>压缩数据在 {} 字节后结束，应有 {} 字节</translation>
    </message>
    <message>
        <source>{} bytes were unpacked instead of {}</source>
        <translation>解包得到 {} 字节，应为 {} 字节</translation>
    </message>
    <message>
        <source>{} bytes follow the deflated ones</source>
        <translation>压缩数据之后还有 {} 字节</translation>
    </message>
    <message>
        <source>not enough memory to unpack</source>
        <translation>内存不足，无法解包</translation>
    </message>
    <message>
        <source>more than the {} bytes are unpacked that the directory says</source>
        <translation>解包超过目录所说的 {} 字节</translation>
    </message>
    <message>
        <source>{} does not reach over all codes</source>
        <translation>{} 没有覆盖所有量化码</translation>
    </message>
    <message>
        <source>{} is {} {}, expected {}</source>
        <translation>{} 是 {} {}，应为 {}</translation>
    </message>
    <message>
        <source>{} × {} × {} numbers</source>
        <translation>{} × {} × {} 个数</translation>
    </message>
    <message>
        <source>numbers</source>
        <translation>数</translation>
    </message>
    <message>
        <source>whole numbers of 8 or 32 bits</source>
        <translation>8 位或 32 位的整数</translation>
    </message>
    <message>
        <source>{} elements for {} × {} × {} numbers</source>
        <translation>{} 个元素，对应 {} × {} × {} 个数</translation>
    </message>
    <message>
        <source>would need {} scales, more than the {} that are handled</source>
        <translation>需要 {} 个缩放因子，超过可处理的 {} 个</translation>
    </message>
    <message>
        <source>has {} channels, more than the {} that are handled</source>
        <translation>有 {} 个通道，超过可处理的 {} 个</translation>
    </message>
    <message>
        <source>has rows of {} weights along its last axis, but {} needs whole blocks of {}</source>
        <translation>沿最后一个轴的每行有 {} 个权重，但 {} 需要完整的 {} 个一块</translation>
    </message>
    <message>
        <source>has its outputs on the last axis, along which {} needs its blocks of {}</source>
        <translation>的输出在最后一个轴上，而 {} 需要沿该轴每 {} 个一块</translation>
    </message>
    <message>
        <source>pattern {} has {} bytes, the limit is {}</source>
        <translation>匹配模式 {} 有 {} 字节，上限是 {}</translation>
    </message>
    <message>
        <source>pattern {} repeats what stands before braces more than {} times in all, the limit</source>
        <translation>匹配模式 {} 中花括号之前内容的重复次数合计超过 {} 次的上限</translation>
    </message>
    <message>
        <source>a pattern must not be empty</source>
        <translation>匹配模式不能为空</translation>
    </message>
    <message>
        <source>{} is not a pattern that can be used: {}</source>
        <translation>{} 不是可用的匹配模式：{}</translation>
    </message>
    <message>
        <source>pattern {} matches tensors, but no layer, so there is nothing to change: of {}, {} is not one ({}: {})</source>
        <translation>匹配模式 {} 匹配到张量，但没有匹配到层，因此没有可更改的内容：在 {} 之中，{} 不是层（{}：{}）</translation>
    </message>
    <message>
        <source>pattern {} matches no layer: the model has none</source>
        <translation>匹配模式 {} 没有匹配到层：模型没有层</translation>
    </message>
    <message>
        <source>pattern {} matches no layer; near names: {}</source>
        <translation>匹配模式 {} 没有匹配到层；相近的名称有：{}</translation>
    </message>
    <message>
        <source>pattern {} matches no layer; the layers are named like: {}</source>
        <translation>匹配模式 {} 没有匹配到层；层的名称形如：{}</translation>
    </message>
    <message>
        <source>axis {} does not exist: layer {} has the shape {}, so axes are 0 to {}</source>
        <translation>轴 {} 不存在：层 {} 的形状是 {}，因此轴为 0 到 {}</translation>
    </message>
    <message>
        <source>set by rule {}</source>
        <translation>由规则 {} 设定</translation>
    </message>
    <message>
        <source>the recipe has more than {} rules with patterns, the limit</source>
        <translation>配方中带匹配模式的规则超过 {} 条的上限</translation>
    </message>
    <message>
        <source>excluded by rule {}</source>
        <translation>由规则 {} 排除</translation>
    </message>
    <message>
        <source>{} (rule {})</source>
        <translation>{}（规则 {}）</translation>
    </message>
    <message>
        <source>already quantized by {}: {} bits, {}</source>
        <translation>已由 {} 量化：{} 比特，{}</translation>
    </message>
    <message>
        <source>already quantized: {}</source>
        <translation>已经量化：{}</translation>
    </message>
    <message>
        <source>already quantized: {} bits, {}, per {}</source>
        <translation>已经量化：{} 比特，{}，粒度 {}</translation>
    </message>
    <message>
        <source>already quantized by {}: {} bits, {}, per {}</source>
        <translation>已由 {} 量化：{} 比特，{}，粒度 {}</translation>
    </message>
    <message>
        <source>{} rules with patterns on {} layers are too many to try, the limit is {} tries</source>
        <translation>{} 条带匹配模式的规则用于 {} 个层，要尝试的次数过多，上限是 {} 次</translation>
    </message>
    <message>
        <source>the recipe in the file&apos;s metadata is not used: {}</source>
        <translation>不使用文件元数据中的配方：{}</translation>
    </message>
    <message>
        <source>a recipe has at most {} bytes, this file has {}</source>
        <translation>配方最多 {} 字节，这个文件有 {} 字节</translation>
    </message>
    <message>
        <source>a recipe</source>
        <translation>配方</translation>
    </message>
    <message>
        <source>the recipe</source>
        <translation>该配方</translation>
    </message>
    <message>
        <source>this is no recipe: the key &apos;quantoscope_recipe&apos; is missing</source>
        <translation>这不是配方：缺少键 &apos;quantoscope_recipe&apos;</translation>
    </message>
    <message>
        <source>&apos;quantoscope_recipe&apos; must be 1, the version of recipes that this program knows</source>
        <translation>&apos;quantoscope_recipe&apos; 必须是 1，即本程序认识的配方版本</translation>
    </message>
    <message>
        <source>{} must be {}, not {}</source>
        <translation>{} 必须是{}，而不是{}</translation>
    </message>
    <message>
        <source>unknown key {} in {}; known: {}</source>
        <translation>未知的键 {}，位于 {}；已知的有：{}</translation>
    </message>
    <message>
        <source>{} lacks the key &apos;match&apos;</source>
        <translation>{} 缺少键 &apos;match&apos;</translation>
    </message>
    <message>
        <source>{}: &apos;match&apos; must not be empty</source>
        <translation>{}：&apos;match&apos; 不能为空</translation>
    </message>
    <message>
        <source>{}: &apos;action&apos; must be exclude or include</source>
        <translation>{}：&apos;action&apos; 必须是 exclude 或 include</translation>
    </message>
    <message>
        <source>{}: &apos;axis&apos; must be below {}, not {}</source>
        <translation>{}：&apos;axis&apos; 必须小于 {}，却是 {}</translation>
    </message>
    <message>
        <source>{}: &apos;role&apos; must be one of {}, not {}</source>
        <translation>{}：&apos;role&apos; 必须是 {} 之一，而不是 {}</translation>
    </message>
    <message>
        <source>&apos;activation&apos; must be relu, gelu, silu, tanh or none, not {}</source>
        <translation>&apos;activation&apos; 必须是 relu、gelu、silu、tanh 或 none，而不是 {}</translation>
    </message>
    <message>
        <source>gpt-fast&apos;s int8 weights: true division, scales never below 2^-23</source>
        <translation>gpt-fast 的 int8 权重：真除法，缩放因子不小于 2^-23</translation>
    </message>
    <message>
        <source>PyTorch&apos;s min-max observers and quantize kernels, zero point 0</source>
        <translation>PyTorch 的最小–最大观察器和量化内核，零点为 0</translation>
    </message>
    <message>
        <source>PyTorch&apos;s min-max observers and quantize kernels, with zero points</source>
        <translation>PyTorch 的最小–最大观察器和量化内核，带零点</translation>
    </message>
    <message>
        <source>ONNX Runtime&apos;s quantizer: codes ±127, scales in the weights&apos; type</source>
        <translation>ONNX Runtime 的量化器：码 ±127，缩放因子使用权重的类型</translation>
    </message>
    <message>
        <source>TensorFlow Lite&apos;s converter: codes ±127 by division in double, halves away from 0</source>
        <translation>TensorFlow Lite 的转换器：码 ±127，以 double 相除，恰为一半时远离 0</translation>
    </message>
    <message>
        <source>llm-compressor and vLLM: all arithmetic in the weights&apos; own type</source>
        <translation>llm-compressor 和 vLLM：所有运算使用权重自身的类型</translation>
    </message>
    <message>
        <source>torchao&apos;s int8 weights: scales computed in the weights&apos; own type, reciprocals</source>
        <translation>torchao 的 int8 权重：缩放因子以权重自身的类型计算，使用倒数</translation>
    </message>
    <message>
        <source>llama.cpp Q8_0: groups of 32, f16 scales, codes ±127</source>
        <translation>llama.cpp Q8_0：32 个一组，f16 缩放因子，码 ±127</translation>
    </message>
    <message>
        <source>llama.cpp Q4_0: groups of 32, signed f16 scales, the extreme weight is exact</source>
        <translation>llama.cpp Q4_0：32 个一组，带符号的 f16 缩放因子，绝对值最大的权重无误差</translation>
    </message>
    <message>
        <source>llama.cpp Q4_1: groups of 32, f16 scales and f16 smallest weights</source>
        <translation>llama.cpp Q4_1：32 个一组，f16 缩放因子和 f16 最小权重</translation>
    </message>
    <message>
        <source>llama.cpp Q5_0: as Q4_0 with 5 bits</source>
        <translation>llama.cpp Q5_0：与 Q4_0 相同，但为 5 比特</translation>
    </message>
    <message>
        <source>llama.cpp Q5_1: as Q4_1 with 5 bits</source>
        <translation>llama.cpp Q5_1：与 Q4_1 相同，但为 5 比特</translation>
    </message>
    <message>
        <source>0 and became the epsilon of the weights&apos; type</source>
        <translation>为 0，改为权重类型的 ε</translation>
    </message>
    <message>
        <source>the convention {} has no zero points: it needs the symmetric mode</source>
        <translation>约定 {} 没有零点：需要对称模式</translation>
    </message>
    <message>
        <source>too small and became 1</source>
        <translation>过小，改为 1</translation>
    </message>
    <message>
        <source>that of the range ±5e-7</source>
        <translation>取范围 ±5e-7 的缩放因子</translation>
    </message>
    <message>
        <source>the convention {} has signed scales and no zero points: it needs the symmetric mode and the full code range</source>
        <translation>约定 {} 的缩放因子带符号且没有零点：需要对称模式和完整码域</translation>
    </message>
    <message>
        <source>the convention {} keeps the smallest weight of each group: it needs the asymmetric mode</source>
        <translation>约定 {} 保存每组最小的权重：需要非对称模式</translation>
    </message>
    <message>
        <source>raised to 2^-23</source>
        <translation>提高到 2^-23</translation>
    </message>
    <message>
        <source>the range hqq has a formula of its own, and so has the convention {}</source>
        <translation>范围 hqq 有自己的公式，约定 {} 也有自己的公式</translation>
    </message>
    <message>
        <source>the range hqq optimises an offset: it needs the asymmetric mode</source>
        <translation>范围 hqq 要优化偏移：需要非对称模式</translation>
    </message>
    <message>
        <source>the range hqq needs groups: granularity group:N with N up to {}</source>
        <translation>范围 hqq 需要分组：粒度 group:N，N 不超过 {}</translation>
    </message>
    <message>
        <source>the narrow code range needs the symmetric mode: zero points use the full code range</source>
        <translation>受限码域需要对称模式：零点使用完整码域</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>按存储内容</translation>
    </message>
    <message>
        <source>custom (from {})</source>
        <translation>自定义（源自 {}）</translation>
    </message>
    <message>
        <source>{} · {}</source>
        <translation>{} · {}</translation>
    </message>
    <message>
        <source>a whole number from {} to {}</source>
        <translation>{} 到 {} 的整数</translation>
    </message>
    <message>
        <source>percentile:P with P above 0 and up to 100, six decimal places at most</source>
        <translation>percentile:P，P 大于 0 且不超过 100，最多六位小数</translation>
    </message>
    <message>
        <source>tensor, channel or group:N with a whole number N from 1</source>
        <translation>tensor、channel 或 group:N，N 是不小于 1 的整数</translation>
    </message>
    <message>
        <source>per layer</source>
        <translation>逐张量</translation>
    </message>
    <message>
        <source>per channel</source>
        <translation>逐通道</translation>
    </message>
    <message>
        <source>groups of {}</source>
        <translation>{} 个一组</translation>
    </message>
    <message>
        <source>symmetric</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>asymmetric</source>
        <translation>非对称</translation>
    </message>
    <message>
        <source>{} bits</source>
        <translation>{} 比特</translation>
    </message>
    <message>
        <source>range {}</source>
        <translation>范围 {}</translation>
    </message>
    <message>
        <source>{} code range</source>
        <translation>码域 {}</translation>
    </message>
    <message>
        <source>{} scales</source>
        <translation>缩放因子 {}</translation>
    </message>
    <message>
        <source>{} codes</source>
        <translation>取码 {}</translation>
    </message>
    <message>
        <source>unknown scheme field {}; known: {}</source>
        <translation>未知的方案字段 {}；已知的有：{}</translation>
    </message>
    <message>
        <source>the recipe cannot be written: {}</source>
        <translation>无法写入配方：{}</translation>
    </message>
    <message>
        <source>node {} takes a value before it is there</source>
        <translation>节点 {} 用到了尚未产生的值</translation>
    </message>
    <message>
        <source>the network has {} layers and joins, whose names begin in {} ways; a picture holds {}</source>
        <translation>网络有 {} 个层和汇合点，其名称的开头有 {} 种；一张图最多容纳 {} 个</translation>
    </message>
    <message>
        <source>lines of this network pass {} other columns; a picture holds {}</source>
        <translation>这个网络的连线要经过另外 {} 列；一张图最多容纳 {}</translation>
    </message>
    <message>
        <source>there is no memory for the picture of {} boxes</source>
        <translation>没有足够的内存绘制 {} 个方框</translation>
    </message>
    <message>
        <source>a picture as PNG, JPEG, BMP or PNM is expected</source>
        <translation>应为 PNG、JPEG、BMP 或 PNM 图片</translation>
    </message>
    <message>
        <source>the picture cannot be read: {}</source>
        <translation>无法读取图片：{}</translation>
    </message>
    <message>
        <source>there is no picture (PNG, JPEG, BMP, PNM) here</source>
        <translation>这里没有图片（PNG、JPEG、BMP、PNM）</translation>
    </message>
    <message>
        <source>{} pictures are too many; at most {} are fed</source>
        <translation>{} 张图片过多；最多送入 {} 张</translation>
    </message>
    <message>
        <source>the mean and deviation of ImageNet are those of three channels; input {} takes one</source>
        <translation>ImageNet 的均值和标准差对应三个通道；输入 {} 只有一个</translation>
    </message>
    <message>
        <source>there is no memory for the picture</source>
        <translation>没有足够的内存存放图片</translation>
    </message>
    <message>
        <source>no input of this network takes pictures, which have 1 or 3 channels, a height and a width</source>
        <translation>这个网络没有能接受图片的输入；图片有 1 或 3 个通道、高度和宽度</translation>
    </message>
    <message>
        <source>nothing is known of what they are; give samples, or ask for random ones</source>
        <translation>对它们的内容一无所知；请给出样本，或要求使用随机样本</translation>
    </message>
    <message>
        <source>ranges or codes are to be chosen by what the layers are fed, but {}</source>
        <translation>要按送入各层的数据选择范围或量化码，但{}</translation>
    </message>
    <message>
        <source>the samples have {} features and the first layer takes {}</source>
        <translation>样本有 {} 个特征，而第一层需要 {} 个</translation>
    </message>
    <message>
        <source>{} of {} samples: {}</source>
        <translation>{} 个样本（共 {} 个）：{}</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{}（共 {}）</translation>
    </message>
    <message>
        <source>the other {} of {} samples, held out: {}</source>
        <translation>其余 {} 个样本（共 {} 个），留出：{}</translation>
    </message>
    <message>
        <source>the other {}, held out, of {}</source>
        <translation>其余 {}，留出，共 {}</translation>
    </message>
    <message>
        <source>the other file holds it as a part of another tensor</source>
        <translation>另一个文件把它作为其他张量的一部分</translation>
    </message>
    <message>
        <source>weights are compared; the network was not run with those of the other file</source>
        <translation>比较的是权重；没有用另一个文件的权重运行网络</translation>
    </message>
    <message>
        <source>what the layer is fed is not known: its range is min–max, its codes are the nearest ones</source>
        <translation>送入该层的数据未知：它的范围取最小–最大值，量化码取最近的码</translation>
    </message>
    <message>
        <source>only the diagonal of its inputs&apos; second moments is known: its codes are the nearest ones</source>
        <translation>只知道其输入二阶矩的对角线：量化码取最近的码</translation>
    </message>
    <message>
        <source>{} of {} channels are dead, all their weights are 0: {}</source>
        <translation>{} 个通道（共 {} 个）是死通道，所有权重都是 0：{}</translation>
    </message>
    <message>
        <source>{} of {} channels are silent for all samples: {}</source>
        <translation>{} 个通道（共 {} 个）对所有样本都没有输出：{}</translation>
    </message>
    <message>
        <source>{} of {} channels are more than 4 times as loud as the middle one: {}</source>
        <translation>{} 个通道（共 {} 个）的幅度超过中位通道的 4 倍：{}</translation>
    </message>
    <message>
        <source>{} of {} channels have an outlier more than 12 times the size of their other weights: {}</source>
        <translation>{} 个通道（共 {} 个）含有离群值，超过其他权重的 12 倍：{}</translation>
    </message>
    <message>
        <source>all weights have one sign, so that half of the symmetric codes are never used</source>
        <translation>所有权重同号，因此对称量化的一半码从未使用</translation>
    </message>
    <message>
        <source>what layers are fed</source>
        <translation>送入各层的数据</translation>
    </message>
    <message>
        <source>NumPy has no arrays of type {}</source>
        <translation>NumPy 没有类型为 {} 的数组</translation>
    </message>
    <message>
        <source>the output {} exists and is no folder, expected a new name</source>
        <translation>输出 {} 已存在且不是文件夹，应使用新名称</translation>
    </message>
    <message>
        <source>the folder {} cannot be read: {}</source>
        <translation>无法读取文件夹 {}：{}</translation>
    </message>
    <message>
        <source>the folder {} holds {}, which is not of this export; expected a new or an empty folder</source>
        <translation>文件夹 {} 中有 {}，不属于这次导出；应使用新的或空的文件夹</translation>
    </message>
    <message>
        <source>no folder can be made</source>
        <translation>无法创建文件夹</translation>
    </message>
    <message>
        <source>{} in {}: {}</source>
        <translation>{}，位于 {}：{}</translation>
    </message>
    <message>
        <source>the folder cannot be given its name</source>
        <translation>无法给文件夹命名</translation>
    </message>
    <message>
        <source>zero points load in vLLM and transformers 4; transformers 5 refuses them</source>
        <translation>零点可在 vLLM 和 transformers 4 中加载；transformers 5 拒绝它们</translation>
    </message>
    <message>
        <source>compressed-tensors: a folder of packed 8- or 4-bit weights; from Hugging Face models</source>
        <translation>compressed-tensors：打包的 8 或 4 比特权重的文件夹；由 Hugging Face 模型生成</translation>
    </message>
    <message>
        <source>vLLM, transformers</source>
        <translation>vLLM、transformers</translation>
    </message>
    <message>
        <source>{} has one scheme for all layers: {}; layer {} is {}</source>
        <translation>{} 对所有层使用同一方案：{}；层 {} 是 {}</translation>
    </message>
    <message>
        <source>kernels compute these layers in half precision</source>
        <translation>内核以半精度浮点计算这些层</translation>
    </message>
    <message>
        <source>GPTQ: a folder of 4- or 8-bit words as its kernels read them; from Hugging Face models</source>
        <translation>GPTQ：4 或 8 比特字的文件夹，按其内核读取的方式；由 Hugging Face 模型生成</translation>
    </message>
    <message>
        <source>transformers with gptqmodel, vLLM</source>
        <translation>装有 gptqmodel 的 transformers、vLLM</translation>
    </message>
    <message>
        <source>AWQ: a folder of 4-bit words in groups, as &apos;gemm&apos; kernels read them; from Hugging Face models</source>
        <translation>AWQ：分组的 4 比特字的文件夹，按 &apos;gemm&apos; 内核读取的方式；由 Hugging Face 模型生成</translation>
    </message>
    <message>
        <source>{} holds {} of rank 2 only</source>
        <translation>{} 只存放二维的 {}</translation>
    </message>
    <message>
        <source>{} holds weights [out, in]; the outputs of this one are on axis {}</source>
        <translation>{} 的权重为 [输出, 输入]；这一个的输出在轴 {} 上</translation>
    </message>
    <message>
        <source>{} packs rows of a multiple of {} weights, not {}</source>
        <translation>{} 打包的行要求权重数是 {} 的倍数，而不是 {}</translation>
    </message>
    <message>
        <source>{} packs a multiple of {} rows, not {}</source>
        <translation>{} 打包的行数要求是 {} 的倍数，而不是 {}</translation>
    </message>
    <message>
        <source>{}</source>
        <translation>{}</translation>
    </message>
    <message>
        <source>use groups of {}</source>
        <translation>请使用 {} 个一组</translation>
    </message>
    <message>
        <source>{} holds codes of {} bits, not {}; layer {}</source>
        <translation>{} 存放 {} 比特的量化码，而不是 {} 比特；层 {}</translation>
    </message>
    <message>
        <source>use {} bits</source>
        <translation>请使用 {} 比特</translation>
    </message>
    <message>
        <source>{} has no float offsets; layer {} is {}</source>
        <translation>{} 没有浮点偏移；层 {} 是 {}</translation>
    </message>
    <message>
        <source>{} has no zero points; layer {} is {}</source>
        <translation>{} 没有零点；层 {} 是 {}</translation>
    </message>
    <message>
        <source>use the symmetric mode</source>
        <translation>请使用对称模式</translation>
    </message>
    <message>
        <source>{} holds no layer with {}; layer {}</source>
        <translation>{} 不存放含有 {} 的层；层 {}</translation>
    </message>
    <message>
        <source>{} has no groups of {}; layer {}</source>
        <translation>{} 没有 {} 个一组的分组；层 {}</translation>
    </message>
    <message>
        <source>{} has one scale per channel, no groups; layer {}</source>
        <translation>{} 使用逐通道的缩放因子，没有分组；层 {}</translation>
    </message>
    <message>
        <source>groups of {} do not divide the {} weights of a row of layer {}</source>
        <translation>{} 个一组不能整除每行 {} 个权重；层 {}</translation>
    </message>
    <message>
        <source>keep q, k, v together</source>
        <translation>请让 q、k、v 保持一致</translation>
    </message>
    <message>
        <source>keep gate and up together</source>
        <translation>请让 gate 和 up 保持一致</translation>
    </message>
    <message>
        <source>runtimes join {} and {}, which need the same scheme, or both to be kept in float</source>
        <translation>运行时会合并 {} 和 {}，它们需要相同的方案，或都保持浮点</translation>
    </message>
    <message>
        <source>this is no object of JSON</source>
        <translation>这不是 JSON 对象</translation>
    </message>
    <message>
        <source>there is no config.json beside the model, which programs need to know what its weights are</source>
        <translation>模型旁边没有 config.json，而程序需要它来了解权重的含义</translation>
    </message>
    <message>
        <source>the model is quantized already: {}</source>
        <translation>模型已经量化：{}</translation>
    </message>
    <message>
        <source>{} cannot be mixed with codes that a model has already; layer {}</source>
        <translation>{} 不能与模型已有的量化码混用；层 {}</translation>
    </message>
    <message>
        <source>{} stores the scales of layer {} in {}, not in {}</source>
        <translation>{} 的缩放因子类型不对：层 {} 应使用 {}，而不是 {}</translation>
    </message>
    <message>
        <source>use scales of type {}</source>
        <translation>请使用类型为 {} 的缩放因子</translation>
    </message>
    <message>
        <source>MLX: a folder of 2- to 8-bit weights in groups; from Hugging Face models</source>
        <translation>MLX：2 到 8 比特分组权重的文件夹；由 Hugging Face 模型生成</translation>
    </message>
    <message>
        <source>MLX, mlx-lm</source>
        <translation>MLX、mlx-lm</translation>
    </message>
    <message>
        <source>the archive has no scales for each matrix of a stack</source>
        <translation>该归档不能为堆叠中的每个矩阵存放缩放因子</translation>
    </message>
    <message>
        <source>NumPy has no bf16: tensors of that type are written as f32</source>
        <translation>NumPy 没有 bf16：这种类型的张量写成 f32</translation>
    </message>
    <message>
        <source>NPZ: codes, scales and zero points as NumPy arrays, next to all other tensors</source>
        <translation>NPZ：以 NumPy 数组存放量化码、缩放因子和零点，连同所有其他张量</translation>
    </message>
    <message>
        <source>NumPy</source>
        <translation>NumPy</translation>
    </message>
    <message>
        <source>follows a prototype of torchao 0.18; later releases may want another layout</source>
        <translation>依照 torchao 0.18 的原型；以后的版本可能需要另一种布局</translation>
    </message>
    <message>
        <source>torchao: int8 weights per row as its Int8Tensor (a prototype of theirs)</source>
        <translation>torchao：每行一个缩放因子的 int8 权重，即其 Int8Tensor（原型）</translation>
    </message>
    <message>
        <source>torchao</source>
        <translation>torchao</translation>
    </message>
    <message>
        <source>format {} writes a folder, expected a name without {}</source>
        <translation>格式 {} 写入文件夹，名称应不含 {}</translation>
    </message>
    <message>
        <source>the output {} is the folder of the input, choose another name</source>
        <translation>输出 {} 就是输入的文件夹，请选择另一个名称</translation>
    </message>
    <message>
        <source>a slip of a lesson is switched on: no file is made with it</source>
        <translation>打开了课程中的失误：不会据此生成文件</translation>
    </message>
    <message>
        <source>{}, importance file, byte {}</source>
        <translation>{}，重要性文件，字节 {}</translation>
    </message>
    <message>
        <source>{} is {}; from {} to {} is expected</source>
        <translation>{} 是 {}；应为 {} 到 {}</translation>
    </message>
    <message>
        <source>{} bytes are expected, but there are {}</source>
        <translation>应有 {} 字节，但实际有 {} 字节</translation>
    </message>
    <message>
        <source>there are more than {} numbers</source>
        <translation>数值超过 {} 个</translation>
    </message>
    <message>
        <source>at most {} floats are expected</source>
        <translation>最多应有 {} 个浮点数</translation>
    </message>
    <message>
        <source>{} sums do not fit {} counts</source>
        <translation>{} 个和与 {} 个计数不符</translation>
    </message>
    <message>
        <source>no tensor is called &apos;*.in_sum2&apos;, so this is no importance file</source>
        <translation>没有名为 &apos;*.in_sum2&apos; 的张量，因此这不是重要性文件</translation>
    </message>
    <message>
        <source>{} has a mean square of {}</source>
        <translation>{} 的均方值是 {}</translation>
    </message>
    <message>
        <source>the importance file {}</source>
        <translation>重要性文件 {}</translation>
    </message>
    <message>
        <source>a glossary of {} bytes is too large</source>
        <translation>{} 字节的术语表过大</translation>
    </message>
    <message>
        <source>a glossary needs &apos;quantoscope_glossary&apos; and &apos;terms&apos;, an array of at most {}</source>
        <translation>术语表需要 &apos;quantoscope_glossary&apos; 和 &apos;terms&apos;，后者是最多 {} 项的数组</translation>
    </message>
    <message>
        <source>term {} needs the texts &apos;en&apos; and &apos;zh_CN&apos;, and may have &apos;en_meaning&apos;, &apos;zh_CN_meaning&apos; and &apos;lesson&apos;</source>
        <translation>术语 {} 需要文本 &apos;en&apos; 和 &apos;zh_CN&apos;，还可以有 &apos;en_meaning&apos;、&apos;zh_CN_meaning&apos; 和 &apos;lesson&apos;</translation>
    </message>
    <message>
        <source>unknown key {} in &apos;{}&apos;; known: {}</source>
        <translation>未知的键 {}，位于“{}”；已知的有：{}</translation>
    </message>
    <message>
        <source>&apos;{}&apos; has {} bytes, at most {} are read</source>
        <translation>“{}”有 {} 字节，最多读取 {} 字节</translation>
    </message>
    <message>
        <source>&apos;{}&apos; may hold letters, digits and ._:-/ only, not {}</source>
        <translation>“{}”只能含有字母、数字和 ._:-/，而不是 {}</translation>
    </message>
    <message>
        <source>&apos;{}&apos; has {} entries, at most {} are read</source>
        <translation>“{}”有 {} 项，最多读取 {} 项</translation>
    </message>
    <message>
        <source>&apos;{}&apos; has no words, expected &apos;en&apos; or &apos;zh_CN&apos;</source>
        <translation>“{}”没有文字，应有 &apos;en&apos; 或 &apos;zh_CN&apos;</translation>
    </message>
    <message>
        <source>&apos;{}&apos; must be a number</source>
        <translation>“{}”必须是数</translation>
    </message>
    <message>
        <source>&apos;{}&apos; is {}, which it cannot be</source>
        <translation>“{}”是 {}，这是不允许的</translation>
    </message>
    <message>
        <source>&apos;model&apos; is {}, expected demo:NAME or the name of a file beside the lesson</source>
        <translation>&apos;model&apos; 是 {}，应为 demo:NAME 或课程旁边的文件名</translation>
    </message>
    <message>
        <source>unknown slip {}; known: {}</source>
        <translation>未知的失误 {}；已知的有：{}</translation>
    </message>
    <message>
        <source>&apos;low&apos; must be below &apos;high&apos;</source>
        <translation>&apos;low&apos; 必须小于 &apos;high&apos;</translation>
    </message>
    <message>
        <source>&apos;bits&apos; must be {} to {}</source>
        <translation>&apos;bits&apos; 必须是 {} 到 {}</translation>
    </message>
    <message>
        <source>&apos;as&apos; is {}, expected one of {}</source>
        <translation>&apos;as&apos; 是 {}，应为 {} 之一</translation>
    </message>
    <message>
        <source>&apos;at&apos; must be a pointer that starts with &apos;/&apos;</source>
        <translation>&apos;at&apos; 必须是以“/”开头的指针</translation>
    </message>
    <message>
        <source>&apos;tolerance&apos; must not be negative</source>
        <translation>&apos;tolerance&apos; 不能为负</translation>
    </message>
    <message>
        <source>a question for a number lacks the key &apos;number&apos;</source>
        <translation>问数值的问题缺少键 &apos;number&apos;</translation>
    </message>
    <message>
        <source>&apos;right&apos; must be the index of one of the {} choices</source>
        <translation>&apos;right&apos; 必须是 {} 个选项之一的下标</translation>
    </message>
    <message>
        <source>&apos;kind&apos; is {}, expected number, choice or layer</source>
        <translation>&apos;kind&apos; 是 {}，应为 number、choice 或 layer</translation>
    </message>
    <message>
        <source>&apos;{{{}}}&apos; in a text has no number; there are {}</source>
        <translation>文本中的“{{{}}}”没有对应的数；共有 {} 个</translation>
    </message>
    <message>
        <source>&apos;channel&apos; must not be negative</source>
        <translation>&apos;channel&apos; 不能为负</translation>
    </message>
    <message>
        <source>a step lacks the key &apos;say&apos;</source>
        <translation>有一步缺少键 &apos;say&apos;</translation>
    </message>
    <message>
        <source>this is no lesson: the key &apos;quantoscope_lesson&apos; is missing</source>
        <translation>这不是课程：缺少键 &apos;quantoscope_lesson&apos;</translation>
    </message>
    <message>
        <source>&apos;quantoscope_lesson&apos; must be 1, the version of lessons that this program knows</source>
        <translation>&apos;quantoscope_lesson&apos; 必须是 1，即本程序认识的课程版本</translation>
    </message>
    <message>
        <source>a lesson needs the keys &apos;id&apos; and &apos;title&apos;</source>
        <translation>课程需要键 &apos;id&apos; 和 &apos;title&apos;</translation>
    </message>
    <message>
        <source>&apos;steps&apos; must be an array of 1 to {} steps</source>
        <translation>&apos;steps&apos; 必须是 1 到 {} 步的数组</translation>
    </message>
    <message>
        <source>a lesson of {} bytes is too large, at most {} are read</source>
        <translation>{} 字节的课程过大，最多读取 {} 字节</translation>
    </message>
    <message>
        <source>this is no report of Quantoscope: it holds no recipe</source>
        <translation>这不是 Quantoscope 的报告：其中没有配方</translation>
    </message>
    <message>
        <source>lecture notebooks: the largest weight over 127, ranges without zero</source>
        <translation>课程笔记本：最大权重除以 127，范围不含零</translation>
    </message>
    <message>
        <source>raised to 1e-8</source>
        <translation>提高到 1e-8</translation>
    </message>
    <message>
        <source>minmax, percentile:P, mse, mse-llmcompressor, hqq or output</source>
        <translation>minmax、percentile:P、mse、mse-llmcompressor、hqq 或 output</translation>
    </message>
    <message>
        <source>no layer is left to be decided: all are kept, or have a scheme of their own</source>
        <translation>没有待决定的层：所有层都保持原样，或有自己的方案</translation>
    </message>
    <message>
        <source>there is nothing to choose from, expected some numbers of bits</source>
        <translation>没有可选项，应给出若干位宽</translation>
    </message>
    <message>
        <source>choices cannot be compared by the network&apos;s output: {}</source>
        <translation>无法用网络的输出来比较各选项：{}</translation>
    </message>
    <message>
        <source>no layer can have any of the choices: {}</source>
        <translation>没有哪个层可以使用任何一个选项：{}</translation>
    </message>
    <message>
        <source>the format holds none</source>
        <translation>该格式都不能存放</translation>
    </message>
    <message>
        <source>errors are those of the weights: what they do to the output of the network is not known</source>
        <translation>误差只是权重的误差：对网络输出的影响未知</translation>
    </message>
    <message>
        <source>layers with an excess kurtosis above {}: {}; a few large weights decide their error</source>
        <translation>超额峰度大于 {} 的层：{}；少数大权重决定了它们的误差</translation>
    </message>
    <message>
        <source>the smallest error that the choices give is {} %</source>
        <translation>各选项给出的最小误差是 {} %</translation>
    </message>
    <message>
        <source>none of the choices brings the output error to {} %</source>
        <translation>没有哪个选项能使输出误差降到 {} %</translation>
    </message>
    <message>
        <source>measuring candidates</source>
        <translation>正在测量候选方案</translation>
    </message>
    <message>
        <source>the choices need at least {} bits per weight</source>
        <translation>各选项至少需要每权重 {} 比特</translation>
    </message>
    <message>
        <source>the smallest file that the choices give has about {} bytes, more than the {} that are allowed</source>
        <translation>各选项给出的最小文件约有 {} 字节，超过允许的 {} 字节</translation>
    </message>
    <message>
        <source>the parts belong to an output that is laid out otherwise; make a new plan</source>
        <translation>各部分属于布局不同的输出；请重新制定计划</translation>
    </message>
    <message>
        <source>unit {}</source>
        <translation>单元 {}</translation>
    </message>
    <message>
        <source>the part of unit {} has other bytes than its report says; do the unit again</source>
        <translation>单元 {} 的部分与其报告所述的字节不同；请重做该单元</translation>
    </message>
    <message>
        <source>{} of {} units are not done: {}</source>
        <translation>{} 个单元（共 {} 个）没有完成：{}</translation>
    </message>
    <message>
        <source>stopped on request; {} of {} units are done and kept</source>
        <translation>已按要求停止；{} 个单元（共 {} 个）已完成并保留</translation>
    </message>
    <message>
        <source>layer {} {}, which was not known when the work was planned; make a new plan</source>
        <translation>层 {} {}，制定计划时尚不知道；请重新制定计划</translation>
    </message>
    <message>
        <source>the folder of the parts cannot be made: {}</source>
        <translation>无法创建存放各部分的文件夹：{}</translation>
    </message>
    <message>
        <source>there is no unit {}, the plan has units 0 to {}</source>
        <translation>没有单元 {}，计划中的单元是 0 到 {}</translation>
    </message>
    <message>
        <source>the report of unit {} is damaged, do the unit again: {}</source>
        <translation>单元 {} 的报告已损坏，请重做该单元：{}</translation>
    </message>
    <message>
        <source>{}; make a new plan</source>
        <translation>{}；请重新制定计划</translation>
    </message>
    <message>
        <source>the file has {} bytes, it had {} when the work was planned</source>
        <translation>文件有 {} 字节，制定计划时有 {} 字节</translation>
    </message>
    <message>
        <source>the file has other bytes than when the work was planned</source>
        <translation>文件的内容与制定计划时不同</translation>
    </message>
    <message>
        <source>the file was written to since the work was planned; a copy has to keep the time</source>
        <translation>制定计划后文件被写入过；复制时必须保留时间</translation>
    </message>
    <message>
        <source>{} units were asked for, expected 1 to {}</source>
        <translation>要求 {} 个单元，应为 1 到 {}</translation>
    </message>
    <message>
        <source>the work was planned by version {}, this is {}; all units need the same one</source>
        <translation>计划由版本 {} 制定，当前是 {}；所有单元必须使用同一版本</translation>
    </message>
    <message>
        <source>the plan&apos;s format {} is unknown</source>
        <translation>计划中的格式 {} 未知</translation>
    </message>
    <message>
        <source>the output would be laid out otherwise than when the work was planned; make a new plan</source>
        <translation>输出的布局会与制定计划时不同；请重新制定计划</translation>
    </message>
    <message>
        <source>this is no plan of work: the key &apos;quantoscope_plan&apos; is missing</source>
        <translation>这不是工作计划：缺少键 &apos;quantoscope_plan&apos;</translation>
    </message>
    <message>
        <source>&apos;quantoscope_plan&apos; must be {}, the version that this program knows</source>
        <translation>&apos;quantoscope_plan&apos; 必须是 {}，即本程序认识的版本</translation>
    </message>
    <message>
        <source>the plan has {} units, expected 1 to {}</source>
        <translation>计划有 {} 个单元，应为 1 到 {}</translation>
    </message>
    <message>
        <source>this is no plan of work: {}</source>
        <translation>这不是工作计划：{}</translation>
    </message>
    <message>
        <source>this is no plan of work: it has {} bytes, the limit is {}</source>
        <translation>这不是工作计划：它有 {} 字节，上限是 {}</translation>
    </message>
    <message>
        <source>the hand-out cannot be written: {}</source>
        <translation>无法写入讲义：{}</translation>
    </message>
    <message>
        <source>{}; it is measured, too</source>
        <translation>{}；也对它做了测量</translation>
    </message>
    <message>
        <source>its codes make up for each other: none follows from its weight alone</source>
        <translation>它的各量化码互相弥补：没有哪个只由其权重决定</translation>
    </message>
    <message>
        <source>there is no tokenizer.json beside the model</source>
        <translation>模型旁边没有 tokenizer.json</translation>
    </message>
    <message>
        <source>tokenizer.json is of another kind than byte-level BPE</source>
        <translation>tokenizer.json 不是字节级 BPE</translation>
    </message>
    <message>
        <source>tokenizer.json cuts texts in a way that llama.cpp has no name for</source>
        <translation>tokenizer.json 切分文本的方式在 llama.cpp 中没有名称</translation>
    </message>
    <message>
        <source>tokenizer.json has tokens beyond the {} of the model</source>
        <translation>tokenizer.json 中的词元超出模型的 {} 个</translation>
    </message>
    <message>
        <source>the name {} is longer than llama.cpp allows</source>
        <translation>名称 {} 超过 llama.cpp 允许的长度</translation>
    </message>
    <message>
        <source>a tensor of type {} and shape {} has no place in llama.cpp</source>
        <translation>类型为 {}、形状为 {} 的张量在 llama.cpp 中没有位置</translation>
    </message>
    <message>
        <source>its {} rows do not belong to {} heads</source>
        <translation>它的 {} 行不能分给 {} 个头</translation>
    </message>
    <message>
        <source>a GGUF file is made of a GGUF file or of a Hugging Face model: {}</source>
        <translation>GGUF 文件由 GGUF 文件或 Hugging Face 模型生成：{}</translation>
    </message>
    <message>
        <source>llama.cpp wants it in float</source>
        <translation>llama.cpp 要求它为浮点</translation>
    </message>
    <message>
        <source>llama.cpp has the outputs of this weight on axis {}, not {}</source>
        <translation>llama.cpp 中该权重的输出在轴 {} 上，而不是 {}</translation>
    </message>
    <message>
        <source>config.json says model_type {}; a GGUF file can be made of {}</source>
        <translation>config.json 的 model_type 是 {}；GGUF 文件能够由以下类型生成：{}</translation>
    </message>
    <message>
        <source>config.json has no number {}</source>
        <translation>config.json 中没有数值 {}</translation>
    </message>
    <message>
        <source>{} heads do not divide a width of {}</source>
        <translation>{} 个头不能整除宽度 {}</translation>
    </message>
    <message>
        <source>rotary embeddings of the type {} are not written, expected default or linear</source>
        <translation>不写入类型为 {} 的旋转位置嵌入，应为 default 或 linear</translation>
    </message>
    <message>
        <source>llama.cpp has no place for it in a model of the type {}</source>
        <translation>在类型为 {} 的模型中，llama.cpp 没有它的位置</translation>
    </message>
    <message>
        <source>AI Edge Quantizer has no operators of recurrent layers</source>
        <translation>AI Edge Quantizer 没有循环层的算子</translation>
    </message>
    <message>
        <source>AI Edge Quantizer has no float offsets</source>
        <translation>AI Edge Quantizer 没有浮点偏移</translation>
    </message>
    <message>
        <source>AI Edge Quantizer has weights of 2, 4 or 8 bits, not of {}</source>
        <translation>AI Edge Quantizer 的权重为 2、4 或 8 比特，而不是 {}</translation>
    </message>
    <message>
        <source>AI Edge Quantizer has 2 bits and blocks in the symmetric mode only</source>
        <translation>AI Edge Quantizer 只在对称模式下支持 2 比特和分块</translation>
    </message>
    <message>
        <source>AI Edge Quantizer has blocks of 32, 64, 128 or 256 weights of 2 or 4 bits, of no convolutions</source>
        <translation>AI Edge Quantizer 的块有 32、64、128 或 256 个 2 或 4 比特的权重，不用于卷积</translation>
    </message>
    <message>
        <source>operators are found by the names that the converter made of the modules&apos; names: compare them with those of the .tflite file</source>
        <translation>算子按转换器由模块名生成的名称查找：请与 .tflite 文件中的名称对照</translation>
    </message>
    <message>
        <source>AI Edge Quantizer: a recipe (Python) for the .tflite file of the same network</source>
        <translation>AI Edge Quantizer：配方（Python），用于同一网络的 .tflite 文件</translation>
    </message>
    <message>
        <source>AutoRound: layer_config (Python) with an entry for each module</source>
        <translation>AutoRound：layer_config（Python），每个模块一个条目</translation>
    </message>
    <message>
        <source>GPTQModel: QuantizeConfig (Python) with a dynamic entry for each other module</source>
        <translation>GPTQModel：QuantizeConfig（Python），其他每个模块各有一个 dynamic 条目</translation>
    </message>
    <message>
        <source>{} quantizes modules of numbered blocks and lm_head only</source>
        <translation>{} 只量化带编号的块中的模块和 lm_head</translation>
    </message>
    <message>
        <source>the GGUF file has no tensor of its own for it</source>
        <translation>GGUF 文件中没有单独属于它的张量</translation>
    </message>
    <message>
        <source>llama-quantize compares names in lower case</source>
        <translation>llama-quantize 以小写比较名称</translation>
    </message>
    <message>
        <source>run it as: sh THIS_FILE IN.gguf OUT.gguf</source>
        <translation>运行方式：sh THIS_FILE IN.gguf OUT.gguf</translation>
    </message>
    <message>
        <source>llm-compressor: a recipe (YAML) with targets and a complete ignore list</source>
        <translation>llm-compressor：配方（YAML），含 targets 和完整的 ignore 列表</translation>
    </message>
    <message>
        <source>MLX gives each group an offset, so its codes are not symmetric</source>
        <translation>MLX 给每组一个偏移，因此它的量化码不是对称的</translation>
    </message>
    <message>
        <source>mlx-lm: a predicate (Python) for convert() with bits and groups of each module</source>
        <translation>mlx-lm：供 convert() 使用的判定函数（Python），含每个模块的位宽和分组</translation>
    </message>
    <message>
        <source>ONNX Runtime has no float offsets</source>
        <translation>ONNX Runtime 没有浮点偏移</translation>
    </message>
    <message>
        <source>ONNX Runtime quantizes whole channels and tensors to 8 bits, not to {}</source>
        <translation>ONNX Runtime 把整个通道和张量量化为 8 比特，而不是 {} 比特</translation>
    </message>
    <message>
        <source>ONNX Runtime has blocks of 2, 4 or 8 bits, not of {}</source>
        <translation>ONNX Runtime 的块为 2、4 或 8 比特，而不是 {}</translation>
    </message>
    <message>
        <source>ONNX Runtime has blocks of 16, 32, 64, 128 or 256 weights, not of {}</source>
        <translation>ONNX Runtime 的块有 16、32、64、128 或 256 个权重，而不是 {} 个</translation>
    </message>
    <message>
        <source>ONNX Runtime makes blocks of weights of MatMul nodes only</source>
        <translation>ONNX Runtime 只对 MatMul 节点的权重分块</translation>
    </message>
    <message>
        <source>ONNX Runtime quantizes initializers that Conv, MatMul, plain Gemm or LSTM nodes of the main graph use</source>
        <translation>ONNX Runtime 只量化主计算图中 Conv、MatMul、普通 Gemm 或 LSTM 节点所用的初始值</translation>
    </message>
    <message>
        <source>one call of ONNX Runtime has one scheme for all nodes, here {}</source>
        <translation>ONNX Runtime 的一次调用对所有节点使用同一方案，这里是 {}</translation>
    </message>
    <message>
        <source>its node has another weight that stays in float</source>
        <translation>它的节点还有另一个保持浮点的权重</translation>
    </message>
    <message>
        <source>run it as: python THIS_FILE IN.onnx OUT.onnx</source>
        <translation>运行方式：python THIS_FILE IN.onnx OUT.onnx</translation>
    </message>
    <message>
        <source>ONNX Runtime quantizes the activations of these nodes, too</source>
        <translation>ONNX Runtime 还会量化这些节点的激活值</translation>
    </message>
    <message>
        <source>ONNX Runtime: a Python script with the nodes to exclude; for ONNX files</source>
        <translation>ONNX Runtime：Python 脚本，含要排除的节点；用于 ONNX 文件</translation>
    </message>
    <message>
        <source>the range method {} is not passed on; the tool has its own</source>
        <translation>范围选取方法 {} 不会传给该工具；它有自己的方法</translation>
    </message>
    <message>
        <source>that codes make up for each other is not passed on</source>
        <translation>量化码互相弥补这一点不会传给该工具</translation>
    </message>
    <message>
        <source>rules for {}</source>
        <translation>用于 {} 的规则</translation>
    </message>
    <message>
        <source>the recipe quantizes no layer, so there is nothing to say</source>
        <translation>配方没有量化任何层，因此没有规则可写</translation>
    </message>
    <message>
        <source>none of the {} layers that the recipe quantizes can be said to this tool; the first one: {}</source>
        <translation>配方量化的 {} 个层都无法用该工具的规则表达；其中第一个：{}</translation>
    </message>
    <message>
        <source>torchao: FqnToConfig (Python) with a scheme for each module</source>
        <translation>torchao：FqnToConfig（Python），每个模块一个方案</translation>
    </message>
    <message>
        <source>llama.cpp: a llama-quantize command with the type of each tensor</source>
        <translation>llama.cpp：llama-quantize 命令，含每个张量的类型</translation>
    </message>
    <message>
        <source>the inputs of this layer are not known well enough</source>
        <translation>对该层的输入了解不足</translation>
    </message>
    <message>
        <source>{} of {} layers have no tensor of their own in the other file, so the network was not run with it</source>
        <translation>{} 个层（共 {} 个）在另一个文件中没有自己的张量，因此没有用它运行网络</translation>
    </message>
    <message>
        <source>outlier-bound: the range of a scale reaches {} times the usual weight, where {} times would be normal; its largest weights cost {} bits</source>
        <translation>受限于离群值：一个缩放因子的范围达到典型权重的 {} 倍，而正常应为 {} 倍；其最大的权重使它损失 {} 比特</translation>
    </message>
    <message>
        <source>spread-bound: the widest channel reaches {} times as far as the middle one, and one scale serves all; the middle one loses {} bits, which scales per channel would win back</source>
        <translation>受限于通道间差异：最宽的通道达到中位通道的 {} 倍，而所有通道共用一个缩放因子；中位通道损失 {} 比特，逐通道缩放因子可以挽回</translation>
    </message>
    <message>
        <source>one-sided: the weights lie almost all on one side of 0, so that about half of the symmetric codes stay unused; asymmetric codes would win {} bits</source>
        <translation>单侧：权重几乎全在 0 的一侧，因此约一半的对称量化码用不上；非对称量化码可赢得 {} 比特</translation>
    </message>
    <message>
        <source>resolution-bound: nothing stands out among its weights, {} levels are too few for them; only more bits or smaller groups help</source>
        <translation>受限于分辨率：权重中没有突出的值，{} 个量化级对它们来说太少；只有更多比特或更小的组才有帮助</translation>
    </message>
    <message>
        <source>dead channels: all weights of 1 of {} channels are 0</source>
        <translation>死通道：1 个通道（共 {} 个）的权重全为 0</translation>
    </message>
    <message>
        <source>dead channels: all weights of {} of {} channels are 0</source>
        <translation>死通道：{} 个通道（共 {} 个）的权重全为 0</translation>
    </message>
    <message>
        <source>{}; one of the files counts it from one</source>
        <translation>{}；其中一个文件存储的是加 1 后的值</translation>
    </message>
    <message>
        <source>the original network</source>
        <translation>原网络</translation>
    </message>
    <message>
        <source>the quantized network</source>
        <translation>量化网络</translation>
    </message>
    <message>
        <source>{} alone</source>
        <translation>仅量化 {}</translation>
    </message>
    <message>
        <source>the file has no tokenizer that could be copied</source>
        <translation>文件没有可以复制的分词器</translation>
    </message>
    <message>
        <source>the tokenizer has {} tokens, the model has {}; take one of equal vocabulary</source>
        <translation>分词器有 {} 个词元，模型有 {} 个；请选用词表相同的分词器</translation>
    </message>
    <message>
        <source>the file has no tokenizer, as asked for: it runs on numbers of tokens only</source>
        <translation>按要求，文件没有分词器：只能用词元编号运行</translation>
    </message>
    <message>
        <source>the tokenizer is that of {}</source>
        <translation>分词器取自 {}</translation>
    </message>
    <message>
        <source>the file has no tokenizer, so that it runs on numbers of tokens only: {}; name a GGUF file with the same {} tokens to take its tokenizer</source>
        <translation>文件没有分词器，因此只能用词元编号运行：{}；指定一个具有相同的 {} 个词元的 GGUF 文件，即可采用其分词器</translation>
    </message>
    <message>
        <source>a GGUF file made of a GGUF file keeps its tokenizer: none can be chosen</source>
        <translation>由 GGUF 文件生成的 GGUF 文件保留原有的分词器：不能另选</translation>
    </message>
    <message>
        <source>GGUF: blocks of llama.cpp (Q8_0, Q6_K, Q5_K, Q4_K, Q5_0, Q5_1, Q4_0, Q4_1) as the schemes say; from GGUF files and Hugging Face models</source>
        <translation>GGUF：按方案使用 llama.cpp 的块（Q8_0、Q6_K、Q5_K、Q4_K、Q5_0、Q5_1、Q4_0、Q4_1）；由 GGUF 文件和 Hugging Face 模型生成</translation>
    </message>
    <message>
        <source>use the format {} instead</source>
        <translation>请改用格式 {}</translation>
    </message>
    <message>
        <source>format {} writes no tokenizer that could be chosen</source>
        <translation>格式 {} 不写入可供选择的分词器</translation>
    </message>
    <message>
        <source>it is made in another graph</source>
        <translation>它在另一个计算图中产生</translation>
    </message>
    <message>
        <source>{} is used as it is, too</source>
        <translation>{} 还被直接使用</translation>
    </message>
    <message>
        <source>part of the weight {}</source>
        <translation>权重 {} 的组成部分</translation>
    </message>
    <message>
        <source>it takes too much work</source>
        <translation>计算量过大</translation>
    </message>
    <message>
        <source>{} is not computed</source>
        <translation>不计算 {}</translation>
    </message>
    <message>
        <source>{} has {} inputs</source>
        <translation>{} 有 {} 个输入</translation>
    </message>
    <message>
        <source>{} computes with {}</source>
        <translation>{} 用 {} 计算</translation>
    </message>
    <message>
        <source>the shapes {} and {} do not fit each other</source>
        <translation>形状 {} 与 {} 互不相符</translation>
    </message>
    <message>
        <source>{} multiplies {} by {}</source>
        <translation>{} 将 {} 与 {} 相乘</translation>
    </message>
    <message>
        <source>{} has no axes</source>
        <translation>{} 没有轴</translation>
    </message>
    <message>
        <source>{} reduces axis {}</source>
        <translation>{} 对轴 {} 归约</translation>
    </message>
    <message>
        <source>Cast makes another type than floats of 16 or 32 bits</source>
        <translation>Cast 产生的类型不是 16 或 32 位浮点数</translation>
    </message>
    <message>
        <source>{} is no order of axes</source>
        <translation>{} 给出的不是轴的排列</translation>
    </message>
    <message>
        <source>{} cannot be followed</source>
        <translation>无法追踪 {}</translation>
    </message>
    <message>
        <source>{}; the values are those of the weight that the graph computes</source>
        <translation>{}；数值取自计算图算出的权重</translation>
    </message>
    <message>
        <source>{} adds it to its product of codes</source>
        <translation>{} 将它加到量化码的乘积上</translation>
    </message>
    <message>
        <source>no tensors were found, though the file holds the values of {}</source>
        <translation>没有找到张量，但文件中存有 {} 个张量的数值</translation>
    </message>
    <message>
        <source>only weights of one shape and type can be tied, not {} {} and {} {}</source>
        <translation>只有形状和类型相同的权重才能共享，{} {} 与 {} {} 不能共享</translation>
    </message>
    <message>
        <source>tie of {} and {}</source>
        <translation>{} 与 {} 的权重共享</translation>
    </message>
    <message>
        <source>their values differ, so they are no tie</source>
        <translation>它们的数值不同，因此不是共享权重</translation>
    </message>
    <message>
        <source>a list of explanations of {} bytes is too large</source>
        <translation>{} 字节的解释列表过大</translation>
    </message>
    <message>
        <source>explanations need &apos;quantoscope_explanations&apos; and &apos;values&apos;, an array of at most {}</source>
        <translation>解释列表需要 &apos;quantoscope_explanations&apos; 和 &apos;values&apos;，后者是最多 {} 项的数组</translation>
    </message>
    <message>
        <source>explanation {} needs the texts &apos;id&apos;, &apos;en&apos;, &apos;en_meaning&apos;, and may have &apos;zh_CN&apos;, &apos;zh_CN_meaning&apos;, &apos;formula&apos;, &apos;numbers&apos;, &apos;value&apos;, &apos;term&apos;, &apos;lesson&apos; and &apos;step&apos;</source>
        <translation>解释 {} 需要文本 &apos;id&apos;、&apos;en&apos;、&apos;en_meaning&apos;，还可以有 &apos;zh_CN&apos;、&apos;zh_CN_meaning&apos;、&apos;formula&apos;、&apos;numbers&apos;、&apos;value&apos;、&apos;term&apos;、&apos;lesson&apos; 和 &apos;step&apos;</translation>
    </message>
    <message>
        <source>the patterns of the recipe are too large together, from rule {} on</source>
        <translation>配方中的匹配模式合计过大，从规则 {} 起</translation>
    </message>
    <message>
        <source>the file carries no graph, so there are no nodes to name</source>
        <translation>文件不含计算图，因此没有可以指明的节点</translation>
    </message>
    <message>
        <source>llama.cpp Q4_K: searched 6-bit scales and offsets for 8 groups of 32 together</source>
        <translation>llama.cpp Q4_K：32 个一组，每 8 组一起，搜索得到的 6 比特缩放因子和偏移</translation>
    </message>
    <message>
        <source>llama.cpp Q5_K: as Q4_K with 5 bits</source>
        <translation>llama.cpp Q5_K：与 Q4_K 相同，但为 5 比特</translation>
    </message>
    <message>
        <source>llama.cpp Q6_K: searched 8-bit scales for 16 groups of 16 together</source>
        <translation>llama.cpp Q6_K：16 个一组，每 16 组一起，搜索得到的 8 比特缩放因子</translation>
    </message>
    <message>
        <source>the convention {} searches its scales and codes in one way only: none of its other fields can be changed</source>
        <translation>约定 {} 只以一种方式搜索缩放因子和量化码：它的其他字段都不能更改</translation>
    </message>
    <message>
        <source>the codes of layer {} depend on what the network is fed, and a unit would have to run all of it; export at once on one machine, or choose ranges and codes by the weights alone</source>
        <translation>层 {} 的量化码取决于送入网络的数据，每个单元都要运行整个网络；请在一台机器上一次导出，或仅按权重选择范围和量化码</translation>
    </message>
    <message>
        <source>this is no plan of work: it is no JSON from byte {} on</source>
        <translation>这不是工作计划：从字节 {} 起不是 JSON</translation>
    </message>
    <message>
        <source>MLX keeps the biases of asymmetric layers in the weights&apos; type, {}: their rounding adds to the errors shown, most of all at 8 bits</source>
        <translation>MLX 用权重的类型 {} 保存非对称层的偏置：偏置的舍入会使误差大于所示值，8 比特时最明显</translation>
    </message>
    <message>
        <source>layer &apos;{}&apos; has no channel {} with scales</source>
        <translation>层“{}”没有带缩放因子的通道 {}</translation>
    </message>
    <message>
        <source>it stands beside {}, which is matched</source>
        <translation>它在已匹配的 {} 旁边</translation>
    </message>
    <message>
        <source>it becomes {} of shape {}</source>
        <translation>它变成 {}，形状为 {}</translation>
    </message>
    <message>
        <source>it is behind more than {} nodes</source>
        <translation>它在超过 {} 个节点之后</translation>
    </message>
    <message>
        <source>an input is left out</source>
        <translation>缺少一个输入</translation>
    </message>
    <message>
        <source>the {} of {} are not known</source>
        <translation>{1} 的 {0} 未知</translation>
    </message>
    <message>
        <source>a value on the way has the shape {}</source>
        <translation>途中有一个值的形状为 {}</translation>
    </message>
    <message>
        <source>the axes of {} are not known</source>
        <translation>{} 的轴未知</translation>
    </message>
    <message>
        <source>{} has scales of shape {} for {}</source>
        <translation>{} 的缩放因子形状为 {}，而它的形状为 {}</translation>
    </message>
    <message>
        <source>{} {} makes other axes of it</source>
        <translation>{} {} 改变了它的轴</translation>
    </message>
    <message>
        <source>the archive has no entry &apos;{}&apos; for this storage</source>
        <translation>归档中没有此存储的条目“{}”</translation>
    </message>
    <message>
        <source>the codes choose entries of codebooks in an order of the tool&apos;s own</source>
        <translation>量化码按该工具自己的顺序选取码本条目</translation>
    </message>
    <message>
        <source>already quantized by a tool that is not known: {} numbers whose scales cannot be told</source>
        <translation>已被未知工具量化：{} 个数字，无法确定其缩放因子</translation>
    </message>
    <message>
        <source>{} weights are codes of a tool that is not known, the first is {}: {} numbers of shape {}</source>
        <translation>{} 个权重是未知工具的量化码，第一个是 {}：{} 个数字，形状为 {}</translation>
    </message>
    <message>
        <source>the index has other bytes than the plan says; make a new plan</source>
        <translation>索引的字节与计划所述不同；请重新制定计划</translation>
    </message>
    <message>
        <source>the model has {} files, it had {} when the work was planned; make a new plan</source>
        <translation>模型有 {} 个文件，制定计划时有 {} 个；请重新制定计划</translation>
    </message>
    <message>
        <source>the path is no UTF-8, and a plan cannot hold it</source>
        <translation>路径不是 UTF-8，计划无法保存它</translation>
    </message>
    <message>
        <source>the plan was changed since it was made; make a new one</source>
        <translation>计划在制定之后被改动过；请重新制定</translation>
    </message>
    <message>
        <source>{} numbers are not read as weights</source>
        <translation>{} 类型的数字不作为权重读取</translation>
    </message>
    <message>
        <source>channel, group or axis does not belong to this quantization</source>
        <translation>通道、组或轴不属于该量化结果</translation>
    </message>
    <message>
        <source>channel or group does not belong to this layer</source>
        <translation>通道或组不属于该层</translation>
    </message>
    <message>
        <source>no permission to write into the file, which somebody else has begun</source>
        <translation>没有写入该文件的权限，它由别人开始写</translation>
    </message>
    <message>
        <source>waiting for another program that writes the same file</source>
        <translation>正在等待另一个写同一文件的程序</translation>
    </message>
    <message>
        <source>the folder cannot be read</source>
        <translation>无法读取该文件夹</translation>
    </message>
    <message>
        <source>it holds codes whose meaning only a file of its own kind can tell; the format {} decodes quantized layers</source>
        <translation>其中的码值只有同类文件才能说明含义；格式 {} 会把量化层解码</translation>
    </message>
    <message>
        <source>it holds codes whose meaning only a file of its own kind can tell</source>
        <translation>其中的码值只有同类文件才能说明含义</translation>
    </message>
    <message>
        <source>leave the {} largest layers in float</source>
        <translation>让最大的 {} 个层保持浮点</translation>
    </message>
    <message>
        <source>use one scheme</source>
        <translation>使用同一种方案</translation>
    </message>
    <message>
        <source>use 8 bits, symmetric, per channel</source>
        <translation>使用 8 比特、对称、逐通道</translation>
    </message>
    <message>
        <source>use {} bits in groups of {}</source>
        <translation>使用 {} 比特，每组 {} 个</translation>
    </message>
    <message>
        <source>leave the layer in float</source>
        <translation>让该层保持浮点</translation>
    </message>
    <message>
        <source>layer {} holds codes that are not known again when the file is opened; the format float decodes them</source>
        <translation>层 {} 中的码值在打开文件时无法再识别；格式 float 会把它们解码</translation>
    </message>
    <message>
        <source>{} has {} outputs</source>
        <translation>{} 有 {} 个输出</translation>
    </message>
    <message>
        <source>only the weights that are not zero are stored</source>
        <translation>只存储非零的权重</translation>
    </message>
    <message>
        <source>{} looks like its scale, but this spelling is not known</source>
        <translation>{} 看起来是它的缩放因子，但这种写法未知</translation>
    </message>
    <message>
        <source>neither its name nor its shape says whether it is a kernel, a stack of matrices or a table</source>
        <translation>名称和形状都不能说明它是卷积核、矩阵堆叠还是表</translation>
    </message>
    <message>
        <source>matrix that an orthogonal weight starts from</source>
        <translation>正交权重所依据的起始矩阵</translation>
    </message>
    <message>
        <source>depthwise kernels of TensorFlow are stored [kernel, channels, outputs of each]</source>
        <translation>TensorFlow 的逐深度卷积核按 [卷积核，通道，每个通道的输出] 存储</translation>
    </message>
    <message>
        <source>factors or offsets of other numbers</source>
        <translation>其他数值的系数或偏移</translation>
    </message>
    <message>
        <source>it is stored [in, out]: there is one bias per column</source>
        <translation>按 [in, out] 存储：每列一个偏置</translation>
    </message>
    <message>
        <source>it is stored [kernel, in, out]: there is one bias per entry of the last axis</source>
        <translation>按 [kernel, in, out] 存储：最后一个轴的每一项一个偏置</translation>
    </message>
    <message>
        <source>the output was changed or removed after it had been merged; do all {} units again</source>
        <translation>输出在合并之后被修改或删除；请重做全部 {} 个单元</translation>
    </message>
    <message>
        <source>no folder can be made: {}</source>
        <translation>无法创建文件夹：{}</translation>
    </message>
    <message>
        <source>it is no JSON from byte {} on</source>
        <translation>从第 {} 字节起不是 JSON</translation>
    </message>
    <message>
        <source>&apos;walk&apos; needs a scale above 0, a step from 1 to 5, and a zero point that is a code</source>
        <translation>&apos;walk&apos; 需要大于 0 的缩放因子、1 到 5 的步骤，以及属于码值的零点</translation>
    </message>
    <message>
        <source>slide {} of {}</source>
        <translation>幻灯片 {} / {}</translation>
    </message>
    <message>
        <source>the slides cannot be made: {}</source>
        <translation>无法生成幻灯片：{}</translation>
    </message>
    <message>
        <source>{} and {} more</source>
        <translation>{}，还有 {} 个</translation>
    </message>
    <message>
        <source>input {}: {}</source>
        <translation>输入 {}：{}</translation>
    </message>
    <message>
        <source>the equation is not for {} inputs</source>
        <translation>该等式不适用于 {} 个输入</translation>
    </message>
    <message>
        <source>{} has not the axes of an input of rank {}</source>
        <translation>{} 的轴数与秩为 {} 的输入不符</translation>
    </message>
    <message>
        <source>{} in the equation is no letter</source>
        <translation>等式中的 {} 不是字母</translation>
    </message>
    <message>
        <source>axes of {} and {} elements have the same name</source>
        <translation>长度为 {} 和 {} 的轴用了同一个名称</translation>
    </message>
    <message>
        <source>the output of the equation has an axis twice, or one that no input has</source>
        <translation>等式的输出中有重复的轴，或有任何输入都没有的轴</translation>
    </message>
    <message>
        <source>the archive is a program that torch.export wrote, which is not read; a file that torch.save wrote of the model&apos;s state_dict() is</source>
        <translation>该归档是 torch.export 写出的程序，无法读取；用 torch.save 保存模型的 state_dict() 所得的文件可以读取</translation>
    </message>
    <message>
        <source>matrices on top of each other, one per mixture, head or codebook</source>
        <translation>多个矩阵叠放，每个混合成分、注意力头或码本各一个</translation>
    </message>
    <message>
        <source>config.json has {} experts, and each token takes {} of them</source>
        <translation>config.json 中有 {} 个专家，每个词元使用其中 {} 个</translation>
    </message>
</context>
<context>
    <name>FileChooser</name>
    <message>
        <source>Save the changes to the recipe?</source>
        <translation>要保存对配方的更改吗？</translation>
    </message>
    <message>
        <source>The scheme, the excluded layers and the overrides are lost if they are not saved.</source>
        <translation>如果不保存，方案、排除的层和单独设置都会丢失。</translation>
    </message>
    <message>
        <source>Unsaved recipe</source>
        <translation>配方未保存</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>放弃(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
</context>
<context>
    <name>FileLists</name>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>layer, kept</source>
        <translation>层，保持原样</translation>
    </message>
    <message>
        <source>bias of %1</source>
        <translation>%1 的偏置</translation>
    </message>
    <message>
        <source>scales of %1</source>
        <translation>%1 的缩放因子</translation>
    </message>
    <message>
        <source>zero points of %1</source>
        <translation>%1 的零点</translation>
    </message>
    <message>
        <source>offsets of %1</source>
        <translation>%1 的偏移</translation>
    </message>
    <message>
        <source>part of %1</source>
        <translation>%1 的一部分</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>labels of the samples</source>
        <translation>样本的标签</translation>
    </message>
    <message>
        <source>same as %1</source>
        <translation>与 %1 相同</translation>
    </message>
    <message>
        <source>one value</source>
        <translation>单个数值</translation>
    </message>
    <message>
        <source>%1, %2, %3 from byte %4 on</source>
        <translation>%1，%2，%3，起始字节 %4</translation>
    </message>
    <message>
        <source>Role: %1, because: %2</source>
        <translation>角色：%1，原因：%2</translation>
    </message>
    <message>
        <source>Foreign code</source>
        <translation>外来代码</translation>
    </message>
    <message>
        <source>%1 would run in an ordinary loader. Quantoscope runs nothing.</source>
        <translation>普通的加载器会运行 %1。Quantoscope 不运行任何代码。</translation>
    </message>
    <message>
        <source>Missing file</source>
        <translation>缺失的文件</translation>
    </message>
    <message>
        <source>Cannot be quantized: %1</source>
        <translation>无法量化：%1</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>exact</source>
        <translation>无误差</translation>
    </message>
    <message>
        <source>n/a</source>
        <translation>不适用</translation>
    </message>
    <message numerus="yes">
        <source>%1 bytes</source>
        <translation>
            <numerusform>%1 字节</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 smaller</source>
        <translation>压缩比 %1</translation>
    </message>
    <message>
        <source>%1 larger</source>
        <translation>增大至 %1</translation>
    </message>
    <message>
        <source>same size</source>
        <translation>大小不变</translation>
    </message>
    <message>
        <source>%1 clipped</source>
        <translation>截断 %1</translation>
    </message>
    <message>
        <source>%1: the range is that of the weights, but the codes end at %2 and +%3, so that a largest weight that is positive falls half a step outside</source>
        <translation>%1：量化范围取自权重本身，但码的两端是 %2 和 +%3，因此若最大的权重为正，它会超出半个步长</translation>
    </message>
    <message>
        <source>… and %1 more</source>
        <translation>… 还有 %1</translation>
    </message>
    <message>
        <source>%1.</source>
        <translation>%1。</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between the parts of a list</comment>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>Help</name>
    <message>
        <source>Everywhere</source>
        <translation>任意位置</translation>
    </message>
    <message>
        <source>in plots</source>
        <translation>在图中</translation>
    </message>
    <message>
        <source>in the table of layers</source>
        <translation>在层列表中</translation>
    </message>
    <message>
        <source>in the tabs of the centre</source>
        <translation>在中央标签页中</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>About Quantoscope</source>
        <translation>关于 Quantoscope</translation>
    </message>
    <message>
        <source>Quantoscope %1</source>
        <translation>Quantoscope %1</translation>
    </message>
    <message>
        <source>Qt %1</source>
        <translation>Qt %1</translation>
    </message>
    <message>
        <source>QCustomPlot %1</source>
        <translation>QCustomPlot %1</translation>
    </message>
    <message>
        <source>See what quantization does to a neural network.</source>
        <translation>看看量化对神经网络做了什么。</translation>
    </message>
    <message>
        <source>Instruction set in use: %1</source>
        <translation>正在使用的指令集：%1</translation>
    </message>
    <message>
        <source>Built with %1</source>
        <translation>构建所用的库：%1</translation>
    </message>
    <message>
        <source>The digits demo was trained on the Optical Recognition of Handwritten Digits data set by E. Alpaydin and C. Kaynak (UCI Machine Learning Repository).</source>
        <translation>digits 演示模型用 Optical Recognition of Handwritten Digits 数据集训练（E. Alpaydin 与 C. Kaynak，UCI Machine Learning Repository）。</translation>
    </message>
    <message>
        <source>© The Quantoscope authors. Free software under the GNU General Public License, version 3 or later; it comes without any warranty.</source>
        <translation>© Quantoscope 的作者们。自由软件，依据 GNU 通用公共许可证第 3 版或更新版本发布；不提供任何担保。</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>关闭(&amp;C)</translation>
    </message>
</context>
<context>
    <name>LanguageName</name>
    <message>
        <source>English</source>
        <translation>简体中文</translation>
    </message>
</context>
<context>
    <name>LayerQuery</name>
    <message>
        <source>“is:%1” is not known; expected one of %2</source>
        <translation>未知的“is:%1”；应为 %2 之一</translation>
    </message>
    <message>
        <source>“mode:” needs the beginning of a mode, as in mode:asym</source>
        <translation>“mode:”后面要写模式名的开头，例如 mode:asym</translation>
    </message>
    <message>
        <source>“op:%1” is not known; expected one of %2</source>
        <translation>未知的“op:%1”；应为 %2 之一</translation>
    </message>
    <message>
        <source>Unknown field “%1”; expected one of %2</source>
        <translation>未知的字段“%1”；应为 %2 之一</translation>
    </message>
    <message>
        <source>“%1%2” needs a number, as in %1%2%3</source>
        <translation>“%1%2”后面要写数字，例如 %1%2%3</translation>
    </message>
    <message>
        <source>“%1” is no share: its number has no percent sign</source>
        <translation>“%1”不是比例：它的数字不能带百分号</translation>
    </message>
    <message>
        <source>“|” stands between two words, as in conv | fc</source>
        <translation>“|”要放在两个词之间，例如 conv | fc</translation>
    </message>
    <message>
        <source>fc conv*weight — parts of the name, * and ? as wildcards; re: before a regular expression</source>
        <translation>fc conv*weight — 名称的一部分，* 和 ? 是通配符；正则表达式前写 re:</translation>
    </message>
    <message>
        <source>is: — %1</source>
        <translation>is: — %1</translation>
    </message>
    <message>
        <source>err&gt;1% out&gt;=128 — compared numbers: %1</source>
        <translation>err&gt;1% out&gt;=128 — 可比较的数值：%1</translation>
    </message>
    <message>
        <source>mode:asym op:conv — mode; kind of layer: %1</source>
        <translation>mode:asym op:conv — 模式；层的种类：%1</translation>
    </message>
    <message>
        <source>All words must fit; - turns a word round, | stands between alternatives.</source>
        <translation>各词必须同时满足；- 表示取反，| 分隔可选项。</translation>
    </message>
</context>
<context>
    <name>LayerSummary</name>
    <message>
        <source>Linear</source>
        <translation>线性层</translation>
    </message>
    <message>
        <source>Convolution</source>
        <translation>卷积</translation>
    </message>
    <message>
        <source>Recurrent</source>
        <translation>循环层</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Transposed convolution</source>
        <translation>转置卷积</translation>
    </message>
    <message>
        <source>Matrix product</source>
        <translation>矩阵乘法</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>ReLU</source>
        <translation>ReLU</translation>
    </message>
    <message>
        <source>GELU</source>
        <translation>GELU</translation>
    </message>
    <message>
        <source>SiLU</source>
        <translation>SiLU</translation>
    </message>
    <message>
        <source>tanh</source>
        <translation>tanh</translation>
    </message>
    <message numerus="yes">
        <source>%1 weights</source>
        <translation>
            <numerusform>%1 个权重</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 experts of %2 → %3</source>
        <translation>%1 个专家，每个 %2 → %3</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message numerus="yes">
        <source>%1 channels of %2</source>
        <translation>
            <numerusform>%1 个通道，每个 %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>Open &amp;demo</source>
        <translation>打开演示模型(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Quantize</source>
        <translation>量化(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>对比(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Learn</source>
        <translation>学习(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Columns and groups of layers</source>
        <translation>层的列与分组(&amp;C)</translation>
    </message>
</context>
<context>
    <name>PlotActions</name>
    <message>
        <source>Show everything</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Reset the zoom of a plot</source>
        <translation>重置图的缩放</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Show less of the x axis</source>
        <translation>x 轴显示更小的范围</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Show more of the x axis</source>
        <translation>x 轴显示更大的范围</translation>
    </message>
    <message>
        <source>Go to the selected layer</source>
        <translation>转到所选的层</translation>
    </message>
    <message>
        <source>Selected layer into the middle, then nothing but it</source>
        <translation>将所选的层移到中间；再按一次则只显示该层</translation>
    </message>
    <message>
        <source>Logarithmic axis</source>
        <translation>对数轴</translation>
    </message>
    <message>
        <source>Logarithmic or linear axis</source>
        <translation>在对数轴和线性轴之间切换</translation>
    </message>
    <message>
        <source>Show as table</source>
        <translation>以表格显示</translation>
    </message>
    <message>
        <source>Show the numbers of a plot as a table</source>
        <translation>以表格显示图中的数值</translation>
    </message>
    <message>
        <source>Previous layer</source>
        <translation>上一层</translation>
    </message>
    <message>
        <source>Select the layer before</source>
        <translation>选择上一层</translation>
    </message>
    <message>
        <source>Next layer</source>
        <translation>下一层</translation>
    </message>
    <message>
        <source>Select the layer after</source>
        <translation>选择下一层</translation>
    </message>
    <message>
        <source>Previous channel</source>
        <translation>上一个通道</translation>
    </message>
    <message>
        <source>Select the channel before</source>
        <translation>选择上一个通道</translation>
    </message>
    <message>
        <source>Next channel</source>
        <translation>下一个通道</translation>
    </message>
    <message>
        <source>Select the channel after</source>
        <translation>选择下一个通道</translation>
    </message>
</context>
<context>
    <name>ReadableFormats</name>
    <message>
        <source>Models (%1)</source>
        <translation>模型 (%1)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>RoleNames</name>
    <message>
        <source>Matrix</source>
        <translation>矩阵</translation>
    </message>
    <message>
        <source>Convolution</source>
        <translation>卷积</translation>
    </message>
    <message>
        <source>Recurrent</source>
        <translation>循环层</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Stack of matrices</source>
        <translation>矩阵堆叠</translation>
    </message>
    <message>
        <source>Normalisation</source>
        <translation>归一化</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>掩码</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>位置编码</translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Optimizer state</source>
        <translation>优化器状态</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>适配器</translation>
    </message>
    <message>
        <source>Part of a weight</source>
        <translation>权重的一部分</translation>
    </message>
    <message>
        <source>Codes</source>
        <translation>量化码</translation>
    </message>
    <message>
        <source>Companion of codes</source>
        <translation>量化码的附属数据</translation>
    </message>
    <message>
        <source>Codebook</source>
        <translation>码本</translation>
    </message>
    <message>
        <source>Buffer</source>
        <translation>缓冲区</translation>
    </message>
</context>
<context>
    <name>ScaleMarksItem</name>
    <message>
        <source>▼ %1 below</source>
        <translation>▼ 下方 %1 个</translation>
    </message>
    <message>
        <source>%1 dead</source>
        <translation>%1 个死通道</translation>
    </message>
    <message>
        <source>▲ %1 above</source>
        <translation>▲ 上方 %1 个</translation>
    </message>
</context>
<context>
    <name>SchemeFields</name>
    <message>
        <source>Min–max</source>
        <translation>最小–最大值</translation>
    </message>
    <message>
        <source>%1&#x202f;% of weights</source>
        <translation>%1 % 的权重</translation>
    </message>
    <message>
        <source>Least squared error</source>
        <translation>最小平方误差</translation>
    </message>
    <message>
        <source>As llm-compressor searches</source>
        <translation>按 llm-compressor 搜索</translation>
    </message>
    <message>
        <source>HQQ</source>
        <translation>HQQ</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>float16</source>
        <translation>float16</translation>
    </message>
    <message>
        <source>bfloat16</source>
        <translation>bfloat16</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>Symmetric: zero is code 0. Asymmetric: a zero point moves the codes to where the weights are.</source>
        <translation>对称：零对应码 0。非对称：零点把码移到权重所在之处。</translation>
    </message>
    <message>
        <source>Symmetric</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>Asymmetric</source>
        <translation>非对称</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>位宽</translation>
    </message>
    <message>
        <source>Bits per code: 8 bits have 256 codes, 2 bits have 4</source>
        <translation>每个量化码的比特数：8 比特有 256 个码，2 比特有 4 个</translation>
    </message>
    <message>
        <source>%1 bits</source>
        <translation>%1 比特</translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>量化粒度</translation>
    </message>
    <message>
        <source>How many weights share one scale (step size)</source>
        <translation>多少个权重共用一个缩放因子（量化步长）</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>量化范围</translation>
    </message>
    <message>
        <source>Code range</source>
        <translation>码域</translation>
    </message>
    <message>
        <source>Full uses all codes; narrow leaves out the lowest one, so that the codes are symmetric around 0</source>
        <translation>完整码域使用所有码；受限码域去掉最小的一个，使码关于 0 对称</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>完整</translation>
    </message>
    <message>
        <source>Narrow</source>
        <translation>受限</translation>
    </message>
    <message>
        <source>Scale type</source>
        <translation>缩放因子类型</translation>
    </message>
    <message>
        <source>Number type in which scales are stored</source>
        <translation>存储缩放因子所用的数值类型</translation>
    </message>
    <message>
        <source>Codes</source>
        <translation>取码方式</translation>
    </message>
    <message>
        <source>Faithful</source>
        <translation>忠实</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>group</source>
        <translation>组</translation>
    </message>
    <message>
        <source>%1&#x202f;% of the %2 weights of a %3 are all of them: this range clips nothing.</source>
        <translation>每个%3有 %2 个权重，其中的 %1 % 就是全部：这个范围不截断任何权重。</translation>
    </message>
    <message>
        <source>Least output error</source>
        <translation>最小输出误差</translation>
    </message>
    <message>
        <source>Compensated</source>
        <translation>补偿</translation>
    </message>
    <message>
        <source>Compensated, strong inputs first</source>
        <translation>补偿，强输入优先</translation>
    </message>
    <message>
        <source>Which weights the codes reach: all from smallest to largest, or fewer, so that the steps get finer and the outermost weights are clipped. Least output error needs samples to choose by</source>
        <translation>码覆盖哪些权重：从最小到最大的全部，或少一些，使步长更细，而最外侧的权重被截断。“最小输出误差”需要用于选择的样本</translation>
    </message>
    <message>
        <source>Faithful forms codes exactly as the convention does; best takes the nearest code for the scale as it is stored; compensated lets later weights make up for the rounding of earlier ones (GPTQ), and needs samples</source>
        <translation>“忠实”完全按约定计算量化码；“最佳”对实际存储的缩放因子取最近的码；“补偿”让后面的权重弥补前面权重的舍入（GPTQ），需要样本</translation>
    </message>
</context>
<context>
    <name>WindowActions</name>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>Take the last change back</source>
        <translation>撤销最近一次更改</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>Make the change again that was taken back</source>
        <translation>重新执行刚才撤销的更改</translation>
    </message>
    <message>
        <source>Ctrl+Shift+Z</source>
        <translation>Ctrl+Shift+Z</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>Dark text on light ground</source>
        <translation>浅底深字</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>深色(&amp;D)</translation>
    </message>
    <message>
        <source>Light text on dark ground</source>
        <translation>深底浅字</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>跟随系统(&amp;S)</translation>
    </message>
    <message>
        <source>Light or dark as all other programs</source>
        <translation>与其他程序一样使用浅色或深色</translation>
    </message>
    <message>
        <source>Light or dar&amp;k</source>
        <translation>切换浅色或深色(&amp;K)</translation>
    </message>
    <message>
        <source>Light or dark</source>
        <translation>切换浅色或深色</translation>
    </message>
    <message>
        <source>Ctrl+Shift+T</source>
        <translation>Ctrl+Shift+T</translation>
    </message>
    <message>
        <source>Continue the anal&amp;ysis</source>
        <translation>继续分析(&amp;Y)</translation>
    </message>
    <message>
        <source>Continue an analysis that was cancelled or has failed</source>
        <translation>继续已取消或失败的分析</translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation>取消正在运行的任务</translation>
    </message>
    <message>
        <source>Cancel the job that the status line shows</source>
        <translation>取消状态栏所示的任务</translation>
    </message>
    <message>
        <source>&amp;Copy figure</source>
        <translation>复制图像(&amp;C)</translation>
    </message>
    <message>
        <source>Copy the figure of the plot that has the focus</source>
        <translation>复制当前焦点所在的图</translation>
    </message>
    <message>
        <source>Ctrl+Shift+C</source>
        <translation>Ctrl+Shift+C</translation>
    </message>
    <message>
        <source>Click a plot first: its figure is copied then.</source>
        <translation>请先单击一张图，再复制它的图像。</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>All keys, and what they do</source>
        <translation>所有快捷键及其作用</translation>
    </message>
    <message>
        <source>?</source>
        <translation>?</translation>
    </message>
    <message>
        <source>&amp;About Quantoscope</source>
        <translation>关于 Quantoscope(&amp;A)</translation>
    </message>
    <message>
        <source>Version, libraries, licence</source>
        <translation>版本、所用的库、许可证</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>Close the window and end the program</source>
        <translation>关闭窗口并结束程序</translation>
    </message>
    <message>
        <source>Ctrl+Q</source>
        <translation>Ctrl+Q</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <comment>language</comment>
        <translation>跟随系统(&amp;S)</translation>
    </message>
    <message>
        <source>The language of the desktop, or English</source>
        <translation>使用桌面的语言；没有相应译文时使用英语</translation>
    </message>
    <message>
        <source>All texts of the window in this language</source>
        <translation>窗口的所有文字都使用这种语言</translation>
    </message>
    <message>
        <source>No font that is installed has its characters (fonts-wqy-microhei has)</source>
        <translation>已安装的字体中没有这种语言的字符（fonts-wqy-microhei 中有）</translation>
    </message>
</context>
<context>
    <name>qs::ui::AnalysisJob</name>
    <message>
        <source>Quantizing</source>
        <translation>正在量化</translation>
    </message>
</context>
<context>
    <name>qs::ui::BudgetJob</name>
    <message>
        <source>Measuring choices</source>
        <translation>正在测量各种选择</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>正在搜索</translation>
    </message>
    <message>
        <source>Choose schemes by budget</source>
        <translation>按预算选择方案</translation>
    </message>
    <message>
        <source>Planning the file</source>
        <translation>正在规划文件</translation>
    </message>
</context>
<context>
    <name>qs::ui::BudgetPage</name>
    <message>
        <source>Si&amp;ze budget</source>
        <translation>大小预算(&amp;Z)</translation>
    </message>
    <message>
        <source>Size against error, and the best recipe for a size</source>
        <translation>大小与误差的关系，以及给定大小下的最佳配方</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Format that the size is counted in</source>
        <translation>用于计算大小的格式</translation>
    </message>
    <message>
        <source>What layers may become. Those that are not ticked, or have a scheme of their own, stay.</source>
        <translation>各层可以变成什么。未勾选的层和有自己方案的层保持不变。</translation>
    </message>
    <message>
        <source>Bits that layers may get</source>
        <translation>各层可用的比特数</translation>
    </message>
    <message>
        <source>Size ≤</source>
        <translation>大小 ≤</translation>
    </message>
    <message>
        <source>Bits per weight ≤</source>
        <translation>每个权重的比特数 ≤</translation>
    </message>
    <message>
        <source>Error ≤</source>
        <translation>误差 ≤</translation>
    </message>
    <message>
        <source>What is limited</source>
        <translation>限制什么</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>限值</translation>
    </message>
    <message>
        <source>Find the best recipe within the limit</source>
        <translation>在限值内查找最佳配方</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>%1 bits</source>
        <translation>%1 比特</translation>
    </message>
    <message>
        <source>Layers may stay in float</source>
        <translation>层可以保持浮点</translation>
    </message>
    <message>
        <source>Exclude &amp;until total error ≤ …</source>
        <translation>排除层(&amp;U)直到总误差 ≤ …</translation>
    </message>
    <message>
        <source>Keep as few layers as an error allows in float</source>
        <translation>在误差允许的情况下保持尽量少的层为浮点</translation>
    </message>
    <message>
        <source>%1, or float</source>
        <translation>%1，或浮点</translation>
    </message>
    <message>
        <source>2.1 MiB, or 300000 bytes</source>
        <translation>2.1 MiB，或 300000 字节</translation>
    </message>
    <message>
        <source>“%1” is no limit. Expected: %2.</source>
        <translation>“%1”不是限值。应为：%2。</translation>
    </message>
    <message>
        <source>output error %1 measured, %2 predicted</source>
        <translation>输出误差实测 %1，预测 %2</translation>
    </message>
    <message>
        <source>weight error %1</source>
        <translation>权重误差 %1</translation>
    </message>
    <message>
        <source>Found: %1, %2 bits per weight, %3.</source>
        <translation>找到：%1，每个权重 %2 比特，%3。</translation>
    </message>
    <message>
        <source>%1 It was stopped with the best so far.</source>
        <translation>%1 已停止，保留目前最佳的结果。</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message numerus="yes">
        <source>%n layers stay as they are.</source>
        <translation>
            <numerusform>%n 个层保持不变。</numerusform>
        </translation>
    </message>
    <message>
        <source>Measuring what each choice costs …</source>
        <translation>正在测量每种选择的代价 …</translation>
    </message>
    <message>
        <source>Nothing has been measured yet.</source>
        <translation>尚未测量。</translation>
    </message>
    <message>
        <source>It was stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>Type a limit, such as %1, and press Enter to find the best recipe within it.</source>
        <translation>输入一个限值，例如 %1，然后按 Enter 查找该限值内的最佳配方。</translation>
    </message>
    <message>
        <source>Type a limit first</source>
        <translation>请先输入限值</translation>
    </message>
    <message>
        <source>The choices are still being measured</source>
        <translation>仍在测量各选项</translation>
    </message>
</context>
<context>
    <name>qs::ui::BudgetPlot</name>
    <message>
        <source>Size against error</source>
        <translation>大小与误差</translation>
    </message>
    <message>
        <source>size of the file, GiB</source>
        <translation>文件大小，GiB</translation>
    </message>
    <message>
        <source>size of the file, MiB</source>
        <translation>文件大小，MiB</translation>
    </message>
    <message>
        <source>size of the file, KiB</source>
        <translation>文件大小，KiB</translation>
    </message>
    <message>
        <source>from %1 with error %2 to %3 with error %4</source>
        <translation>从 %1（误差 %2）到 %3（误差 %4）</translation>
    </message>
    <message>
        <source>%1; now %2 with error %3</source>
        <translation>%1；现在 %2，误差 %3</translation>
    </message>
    <message>
        <source>best choices, predicted</source>
        <translation>最佳选择，预测</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>实测</translation>
    </message>
    <message>
        <source>all layers alike</source>
        <translation>所有层相同</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>Which</source>
        <translation>哪一个</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>Predicted error</source>
        <translation>预测误差</translation>
    </message>
    <message>
        <source>Measured error</source>
        <translation>实测误差</translation>
    </message>
    <message>
        <source>best choices</source>
        <translation>最佳选择</translation>
    </message>
    <message>
        <source>error of the network&apos;s output</source>
        <translation>网络输出的误差</translation>
    </message>
    <message>
        <source>error of the weights</source>
        <translation>权重的误差</translation>
    </message>
    <message>
        <source>%1 bits</source>
        <translation>%1 比特</translation>
    </message>
    <message>
        <source>%1, measured error %2</source>
        <translation>%1，实测误差 %2</translation>
    </message>
    <message>
        <source>%1, predicted error %2</source>
        <translation>%1，预测误差 %2</translation>
    </message>
    <message>
        <source>%1, weight error %2</source>
        <translation>%1，权重误差 %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Drag, or press ← →, to try a recipe; let go or Enter takes it.</source>
        <translation>拖动或按 ← → 以试用配方；松开或按 Enter 即采用。</translation>
    </message>
</context>
<context>
    <name>qs::ui::Card</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>, %1 before %2</source>
        <translation>，在 %2 之前为 %1</translation>
    </message>
    <message>
        <source>B  %1</source>
        <translation>B  %1</translation>
    </message>
    <message>
        <source>%1, B: %2</source>
        <translation>%1，B：%2</translation>
    </message>
    <message>
        <source>%1 before %2</source>
        <translation>%2 之前 %1</translation>
    </message>
</context>
<context>
    <name>qs::ui::Cards</name>
    <message>
        <source>As written: %1</source>
        <translation>写入后：%1</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Output error</source>
        <translation>输出误差</translation>
    </message>
    <message>
        <source>Weight error, all layers</source>
        <translation>权重误差，所有层</translation>
    </message>
    <message>
        <source>Largest error alone</source>
        <translation>最大单层误差</translation>
    </message>
    <message>
        <source>Largest weight error</source>
        <translation>最大权重误差</translation>
    </message>
    <message>
        <source>%1 before, %2 in the file: with its header, and codes and scales as the format lays them out.</source>
        <translation>之前 %1，文件中 %2：包含文件头，量化码和缩放因子按该格式的布局存放。</translation>
    </message>
    <message>
        <source>%1 before, %2 after: packed codes with scales and zero points, everything else as it is.</source>
        <translation>之前 %1，之后 %2：打包的量化码连同缩放因子和零点，其余保持原样。</translation>
    </message>
    <message>
        <source>%1 bits per quantized weight, scales included</source>
        <translation>每个量化权重 %1 比特，含缩放因子</translation>
    </message>
    <message>
        <source>Size of the file</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>Size, packed</source>
        <translation>打包后的大小</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>the file holds no float weights</source>
        <translation>文件中没有浮点权重</translation>
    </message>
    <message>
        <source>The layers are quantized in this file already: there are no float weights to compare with.</source>
        <translation>这个文件中的层已经量化：没有可供比较的浮点权重。</translation>
    </message>
    <message>
        <source>nothing is quantized</source>
        <translation>没有量化任何层</translation>
    </message>
    <message>
        <source>Relative error of the weights of all layers together; a layer that is kept has none. A screening number: the network was not run.</source>
        <translation>所有层的权重合在一起的相对误差；保持原样的层没有误差。仅供筛查：没有运行网络。</translation>
    </message>
    <message>
        <source>Relative error of the network&apos;s output, ‖y − ŷ‖ / ‖y‖, over %1 samples; SQNR %2</source>
        <translation>网络输出的相对误差 ‖y − ŷ‖ / ‖y‖，取自 %1 个样本；信号量化噪声比 %2</translation>
    </message>
    <message>
        <source>1000 · mean |y − ŷ|, as in the lecture: %1</source>
        <translation>1000 · 平均 |y − ŷ|，与课程中相同：%1</translation>
    </message>
    <message>
        <source>Kullback-Leibler divergence of the quantized network&apos;s words from the original&apos;s, mean over tokens; at the worst token %1</source>
        <translation>量化网络的词分布相对原网络的 KL 散度，对所有词元取平均；最差的词元为 %1</translation>
    </message>
    <message>
        <source>Perplexity %1 → %2</source>
        <translation>困惑度 %1 → %2</translation>
    </message>
    <message>
        <source>KL per token</source>
        <translation>每词元 KL 散度</translation>
    </message>
    <message>
        <source>%1 nats</source>
        <translation>%1 nat</translation>
    </message>
    <message>
        <source>%1 agree</source>
        <translation>%1 一致</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Share of samples that the network of this file labels correctly</source>
        <translation>该文件的网络正确分类的样本比例</translation>
    </message>
    <message>
        <source>Share of samples that the original and the quantized network label correctly; and how often both give the same answer</source>
        <translation>原网络和量化网络正确分类的样本比例，以及两者给出相同答案的比例</translation>
    </message>
    <message>
        <source>Top-1 agreement</source>
        <translation>Top-1 一致率</translation>
    </message>
    <message>
        <source>How often the original and the quantized network give the same answer</source>
        <translation>原网络和量化网络给出相同答案的比例</translation>
    </message>
    <message>
        <source>The network&apos;s output error when only %1 is quantized</source>
        <translation>只量化 %1 时网络的输出误差</translation>
    </message>
    <message>
        <source>The weights of %1 lose most</source>
        <translation>%1 的权重损失最大</translation>
    </message>
    <message>
        <source>Exclude %1</source>
        <translation>排除 %1</translation>
    </message>
    <message>
        <source>B in place of A: %1</source>
        <translation>B 代替 A：%1</translation>
    </message>
    <message>
        <source>%1 of the weights</source>
        <translation>权重的 %1</translation>
    </message>
    <message>
        <source>Of B only the errors of its weights are known: %1</source>
        <translation>B 只有权重的误差是已知的：%1</translation>
    </message>
    <message>
        <source>mean |e| × 1000: %1</source>
        <translation>平均 |e| × 1000：%1</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
</context>
<context>
    <name>qs::ui::ChannelErrorPlot</name>
    <message>
        <source>Rounding error of every channel</source>
        <translation>每个通道的舍入误差</translation>
    </message>
    <message>
        <source>Select a layer to see the error of each of its channels.</source>
        <translation>选择一个层，查看其每个通道的误差。</translation>
    </message>
    <message>
        <source>The file holds codes and no float weights to compare them with, so the error is unknown.</source>
        <translation>文件中只有量化码，没有可供比较的浮点权重，因此误差未知。</translation>
    </message>
    <message>
        <source>%1 channels, largest error %2 steps</source>
        <translation>%1 个通道，最大误差 %2 个步长</translation>
    </message>
    <message>
        <source>error</source>
        <translation>误差</translation>
    </message>
    <message>
        <source>rounding alone, 0.289</source>
        <translation>仅舍入，0.289</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Error in steps</source>
        <translation>误差（步长）</translation>
    </message>
    <message>
        <source>√mean(e²) in steps</source>
        <translation>√mean(e²)，以步长为单位</translation>
    </message>
    <message>
        <source>Rounding error of every group</source>
        <translation>每个组的舍入误差</translation>
    </message>
    <message>
        <source>%1 groups, largest error %2 steps</source>
        <translation>%1 个组，最大误差 %2 步</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>组</translation>
    </message>
</context>
<context>
    <name>qs::ui::ChannelPlot</name>
    <message>
        <source>channel %1</source>
        <translation>通道 %1</translation>
    </message>
    <message>
        <source>dead: all its weights are 0</source>
        <translation>死通道：所有权重都是 0</translation>
    </message>
    <message>
        <source>weights %1</source>
        <translation>权重 %1</translation>
    </message>
    <message>
        <source>codes reach %1</source>
        <translation>码覆盖 %1</translation>
    </message>
    <message>
        <source>scale %1</source>
        <translation>缩放因子 %1</translation>
    </message>
    <message>
        <source>error %1 steps</source>
        <translation>误差 %1 个步长</translation>
    </message>
    <message>
        <source>channel %1, group %2</source>
        <translation>通道 %1，组 %2</translation>
    </message>
    <message>
        <source>groups of channel %1</source>
        <translation>通道 %1 的组</translation>
    </message>
    <message>
        <source>channels</source>
        <translation>通道</translation>
    </message>
</context>
<context>
    <name>qs::ui::ChannelRangePlot</name>
    <message>
        <source>Range of every channel</source>
        <translation>每个通道的范围</translation>
    </message>
    <message>
        <source>Select a layer to see the range of each of its channels.</source>
        <translation>选择一个层，查看其每个通道的范围。</translation>
    </message>
    <message>
        <source>%1 channels, %2 clipped, %3 dead</source>
        <translation>%1 个通道，%2 个有截断，%3 个死通道</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>beyond the codes</source>
        <translation>超出码的范围</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Smallest weight</source>
        <translation>最小权重</translation>
    </message>
    <message>
        <source>Largest weight</source>
        <translation>最大权重</translation>
    </message>
    <message>
        <source>Smallest value</source>
        <translation>最小值</translation>
    </message>
    <message>
        <source>Largest value</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放因子</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Range of every group</source>
        <translation>每个组的范围</translation>
    </message>
    <message>
        <source>%1 groups, %2 clipped, %3 dead</source>
        <translation>%1 个组，%2 个被截断，%3 个死组</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>组</translation>
    </message>
</context>
<context>
    <name>qs::ui::ChannelsPage</name>
    <message>
        <source>C&amp;hannels</source>
        <translation>通道(&amp;H)</translation>
    </message>
    <message>
        <source>Range and error of every channel of a layer</source>
        <translation>一个层中每个通道的范围和误差</translation>
    </message>
    <message>
        <source>In the order of the layer</source>
        <translation>按层内顺序</translation>
    </message>
    <message>
        <source>Widest range first</source>
        <translation>范围最宽者在前</translation>
    </message>
    <message>
        <source>Largest scale first</source>
        <translation>缩放因子最大者在前</translation>
    </message>
    <message>
        <source>Largest error first</source>
        <translation>误差最大者在前</translation>
    </message>
    <message>
        <source>Order of the channels</source>
        <translation>通道的顺序</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>Select a layer to see its channels.</source>
        <translation>选择一个层，查看其通道。</translation>
    </message>
    <message>
        <source>The scales of this layer are being computed …</source>
        <translation>正在计算该层的缩放因子 …</translation>
    </message>
    <message>
        <source>This layer is kept as it is: %1</source>
        <translation>该层保持原样：%1</translation>
    </message>
    <message>
        <source>This layer has no channel.</source>
        <translation>该层没有通道。</translation>
    </message>
    <message>
        <source>Channels of the layer</source>
        <translation>该层的通道</translation>
    </message>
    <message>
        <source>Groups of the selected channel</source>
        <translation>所选通道的组</translation>
    </message>
    <message>
        <source>What each bar stands for</source>
        <translation>每根柱代表什么</translation>
    </message>
    <message>
        <source>Each group of a channel has a scale of its own</source>
        <translation>通道中的每个组都有自己的缩放因子</translation>
    </message>
    <message>
        <source>%1, channel %2</source>
        <translation>%1，通道 %2</translation>
    </message>
    <message>
        <source>The weights of this channel are being read …</source>
        <translation>正在读取该通道的权重 …</translation>
    </message>
</context>
<context>
    <name>qs::ui::ChipRow</name>
    <message>
        <source>+%1</source>
        <translation>+%1</translation>
    </message>
</context>
<context>
    <name>qs::ui::ClippingJob</name>
    <message>
        <source>Trying clipping points …</source>
        <translation>正在尝试各截断点 …</translation>
    </message>
    <message>
        <source>Trying clipping points on outputs …</source>
        <translation>正在按输出尝试各截断点 …</translation>
    </message>
</context>
<context>
    <name>qs::ui::ClippingPage</name>
    <message>
        <source>Cl&amp;ipping</source>
        <translation>截断(&amp;I)</translation>
    </message>
    <message>
        <source>Error of one channel against its clipping point</source>
        <translation>一个通道的误差随截断点的变化（截断也称裁剪）</translation>
    </message>
    <message>
        <source>No channel is selected: channel %1 has the outermost weight of the layer. A click on a dot of “Scale per channel”, or [ and ], select another.</source>
        <translation>没有选择通道：通道 %1 含有该层最外侧的权重。单击“逐通道缩放因子”中的点，或按 [ 和 ]，可选择其他通道。</translation>
    </message>
    <message>
        <source>Select a layer to see what clipping does to one of its channels.</source>
        <translation>选择一个层，查看截断对其某个通道的影响。</translation>
    </message>
    <message>
        <source>The file holds codes: what was clipped on the way to them cannot be known.</source>
        <translation>文件中只有量化码：当初截断了什么已无从得知。</translation>
    </message>
    <message>
        <source>The scales of this layer are being computed …</source>
        <translation>正在计算该层的缩放因子 …</translation>
    </message>
    <message>
        <source>This layer is kept as it is: %1</source>
        <translation>该层保持原样：%1</translation>
    </message>
    <message>
        <source>This layer has no channel.</source>
        <translation>该层没有通道。</translation>
    </message>
    <message>
        <source>%1, channel %2</source>
        <translation>%1，通道 %2</translation>
    </message>
    <message>
        <source>%1, group %2</source>
        <translation>%1，第 %2 组</translation>
    </message>
    <message>
        <source>Use the least</source>
        <translation>使用误差最小处</translation>
    </message>
    <message>
        <source>Give this layer the range with the least squared error of each scale</source>
        <translation>让该层的每个缩放因子使用平方误差最小的范围</translation>
    </message>
    <message>
        <source>Let go to use the whole range.</source>
        <translation>松开即使用完整的范围。</translation>
    </message>
    <message>
        <source>Let go to give every scale of this layer the range of its innermost %1 of weights.</source>
        <translation>松开后，该层的每个缩放因子使用其最内侧 %1 的权重的范围。</translation>
    </message>
    <message>
        <source>Use the least of outputs</source>
        <translation>使用输出误差最小处</translation>
    </message>
    <message>
        <source>Give this layer the range with the least error of what it gives, for what it is fed</source>
        <translation>让该层使用对所送入的数据输出误差最小的范围</translation>
    </message>
</context>
<context>
    <name>qs::ui::ClippingPlot</name>
    <message>
        <source>Error against clipping point</source>
        <translation>误差随截断点的变化</translation>
    </message>
    <message>
        <source>Select a layer to see what clipping does to one of its channels.</source>
        <translation>选择一个层，查看截断对其某个通道的影响。</translation>
    </message>
    <message>
        <source>No share of the range gives a scale that is finite.</source>
        <translation>没有任何范围比例能得到有限的缩放因子。</translation>
    </message>
    <message>
        <source>The error is zero wherever it is clipped.</source>
        <translation>无论在哪里截断，误差都是零。</translation>
    </message>
    <message>
        <source>least error %1 at %2 of the range</source>
        <translation>在范围的 %2 处误差最小，为 %1</translation>
    </message>
    <message>
        <source>%1, chosen %2 with error %3</source>
        <translation>%1；选用 %2，误差 %3</translation>
    </message>
    <message>
        <source>error</source>
        <translation>误差</translation>
    </message>
    <message>
        <source>least</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>选用</translation>
    </message>
    <message>
        <source>Share of the range</source>
        <translation>范围的比例</translation>
    </message>
    <message>
        <source>Relative error</source>
        <translation>相对误差</translation>
    </message>
    <message>
        <source>Sum of squared errors</source>
        <translation>平方误差之和</translation>
    </message>
    <message>
        <source>share of the weights&apos; range that the codes reach</source>
        <translation>码所覆盖的范围占权重范围的比例</translation>
    </message>
    <message>
        <source>relative error of the weights</source>
        <translation>权重的相对误差</translation>
    </message>
    <message>
        <source>%1: %2 of the range, error %3</source>
        <translation>%1：范围的 %2，误差 %3</translation>
    </message>
    <message>
        <source>%1 of the range: error %2</source>
        <translation>范围的 %1：误差 %2</translation>
    </message>
    <message>
        <source>squared error %1 of that of the whole range</source>
        <translation>平方误差是完整范围时的 %1</translation>
    </message>
    <message>
        <source>Drag the dashed line to choose. Less range: finer steps, but more clipped weights.</source>
        <translation>拖动虚线即可选择。范围越小：步长越细，但被截断的权重越多。</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>%1 of the range, error %2, %3 of the weights clipped</source>
        <translation>范围的 %1，误差 %2，截断 %3 的权重</translation>
    </message>
    <message>
        <source>error of the output</source>
        <translation>输出的误差</translation>
    </message>
    <message>
        <source>Relative error of the output</source>
        <translation>输出的相对误差</translation>
    </message>
    <message>
        <source>relative error</source>
        <translation>相对误差</translation>
    </message>
    <message>
        <source>error of the output %1</source>
        <translation>输出的误差 %1</translation>
    </message>
</context>
<context>
    <name>qs::ui::CodeGridPlot</name>
    <message>
        <source>Where the weights go</source>
        <translation>权重落在何处</translation>
    </message>
    <message>
        <source>Select a layer to see which codes its weights fall to.</source>
        <translation>选择一个层，查看其权重落到哪些量化码。</translation>
    </message>
    <message>
        <source>%1 of %2 codes are used</source>
        <translation>使用了 %2 个码中的 %1 个</translation>
    </message>
    <message>
        <source>%1; %2 of the weights fall to code %3. Click a bar to follow one weight.</source>
        <translation>%1；%2 的权重落到码 %3。单击一根柱可跟踪一个权重。</translation>
    </message>
    <message>
        <source>The codes of this layer are of a kind of their own.</source>
        <translation>该层的量化码有自己特殊的形式。</translation>
    </message>
    <message>
        <source>%1 weights on %2 of %3 codes, %4 clipped</source>
        <translation>%1 个权重落在 %3 个码中的 %2 个上，截断 %4</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>码</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>Below</source>
        <translation>低于</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>code</source>
        <translation>码</translation>
    </message>
    <message>
        <source>number of weights</source>
        <translation>权重个数</translation>
    </message>
    <message>
        <source>clips at %1</source>
        <translation>在 %1 处截断</translation>
    </message>
    <message>
        <source>no weight falls to it</source>
        <translation>没有权重落到它</translation>
    </message>
    <message numerus="yes">
        <source>%1 weights (%2)</source>
        <translation>
            <numerusform>%1 个权重（%2）</numerusform>
        </translation>
    </message>
    <message>
        <source>code %1 stands for %2</source>
        <translation>码 %1 代表 %2</translation>
    </message>
    <message>
        <source>the zero point: the code that means zero</source>
        <translation>零点：表示零的码</translation>
    </message>
    <message>
        <source>no weight can fall to it</source>
        <translation>没有权重能落到它</translation>
    </message>
    <message>
        <source>from weights below %1</source>
        <translation>来自小于 %1 的权重</translation>
    </message>
    <message>
        <source>from weights of %1 and above</source>
        <translation>来自大于等于 %1 的权重</translation>
    </message>
    <message>
        <source>from weights of %1</source>
        <translation>来自 %1 的权重</translation>
    </message>
    <message>
        <source>code %1: %2</source>
        <translation>码 %1：%2</translation>
    </message>
    <message numerus="yes">
        <source>%1: %2 weights</source>
        <translation>
            <numerusform>%1：%2 个权重</numerusform>
        </translation>
    </message>
    <message>
        <source>These weights have several scales, so their codes lie in different places: select one channel ([ and ]), and one of its groups where it has any, to see where.</source>
        <translation>这些权重有多个缩放因子，码值的位置各不相同：选择一个通道（[ 和 ]），若通道分组再选其中一组，即可看到位置。</translation>
    </message>
</context>
<context>
    <name>qs::ui::CodesPage</name>
    <message>
        <source>Code &amp;grid</source>
        <translation>码网格(&amp;G)</translation>
    </message>
    <message>
        <source>Which weights of a channel fall to which code</source>
        <translation>一个通道的哪些权重落到哪个量化码</translation>
    </message>
    <message>
        <source>Select a layer to see which codes its weights fall to.</source>
        <translation>选择一个层，查看其权重落到哪些量化码。</translation>
    </message>
    <message>
        <source>There are no codes: %1</source>
        <translation>没有量化码：%1</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Looking for the weight …</source>
        <translation>正在查找权重 …</translation>
    </message>
</context>
<context>
    <name>qs::ui::CommandPalette</name>
    <message>
        <source>Do something, or go to a layer or channel: export, dark, fc2, fc2 17</source>
        <translation>执行操作，或转到层或通道：导出、深色、fc2、fc2 17</translation>
    </message>
    <message>
        <source>Find an action, a layer or a channel</source>
        <translation>查找操作、层或通道</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>查找结果</translation>
    </message>
    <message>
        <source>Command &amp;palette…</source>
        <translation>命令面板(&amp;P)…</translation>
    </message>
    <message>
        <source>Find any action, layer or channel by its name</source>
        <translation>按名称查找任何操作、层或通道</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation>Ctrl+K</translation>
    </message>
    <message>
        <source>%1   (%2)</source>
        <translation>%1   (%2)</translation>
    </message>
    <message>
        <source>%1, channel %2</source>
        <translation>%1，通道 %2</translation>
    </message>
    <message>
        <source>channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
</context>
<context>
    <name>qs::ui::ComparePage</name>
    <message>
        <source>Co&amp;mpare</source>
        <translation>对比(&amp;M)</translation>
    </message>
    <message>
        <source>Two recipes, or this file and another one, side by side</source>
        <translation>并排对比两个配方，或这个文件与另一个文件</translation>
    </message>
    <message>
        <source>All tensors, the most affected first</source>
        <translation>所有张量，受影响最大者在前</translation>
    </message>
    <message>
        <source>Nothing is compared yet.</source>
        <translation>尚未对比任何内容。</translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>缩放因子</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>What is compared</source>
        <translation>对比的内容</translation>
    </message>
    <message>
        <source>Compare two ways to quantize this model</source>
        <translation>对比量化这个模型的两种方式</translation>
    </message>
    <message>
        <source>A is the recipe that you edit. B stays beside it, as dotted orange squares, in the table, the cards and every plot. What shall B be?</source>
        <translation>A 是您正在编辑的配方。B 以橙色虚线方块显示在列表、卡片和每张图中。B 应是什么？</translation>
    </message>
    <message>
        <source>End</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>End the comparison</source>
        <translation>结束对比</translation>
    </message>
    <message>
        <source>Reading and comparing …</source>
        <translation>正在读取并对比 …</translation>
    </message>
    <message>
        <source>A   %1</source>
        <translation>A   %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>B   %1</source>
        <translation>B   %1</translation>
    </message>
    <message>
        <source>above 1 B is worse, below 1 A is</source>
        <translation>大于 1 表示 B 更差，小于 1 表示 A 更差</translation>
    </message>
    <message>
        <source>Rounding</source>
        <translation>舍入</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>交换</translation>
    </message>
    <message>
        <source>Copy A</source>
        <translation>复制 A</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>%1: %2 compared, weight error %3</source>
        <translation>%1：已对比 %2，权重误差 %3</translation>
    </message>
    <message>
        <source>Errors are relative errors of the weights</source>
        <translation>误差为权重的相对误差</translation>
    </message>
    <message>
        <source>Errors are those of the network&apos;s output, each layer alone</source>
        <translation>误差为网络输出的误差，每次只量化一层</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>What else can be done with B</source>
        <translation>对 B 还能做什么</translation>
    </message>
</context>
<context>
    <name>qs::ui::Comparisons</name>
    <message>
        <source>Co&amp;mpare A with B</source>
        <translation>对比 A 与 B(&amp;M)</translation>
    </message>
    <message>
        <source>Compare with a copy of A, or end it</source>
        <translation>与 A 的副本对比，或结束对比</translation>
    </message>
    <message>
        <source>Ctrl+D</source>
        <translation>Ctrl+D</translation>
    </message>
    <message>
        <source>&amp;Open as B…</source>
        <translation>打开为 B(&amp;O)…</translation>
    </message>
    <message>
        <source>Compare with another file, of any format; dropping it on the right half does the same</source>
        <translation>与任意格式的另一个文件对比；拖放到右半边也可以</translation>
    </message>
    <message>
        <source>&amp;Copy A to B</source>
        <translation>将 A 复制到 B(&amp;C)</translation>
    </message>
    <message>
        <source>B becomes the recipe of A, which you then change</source>
        <translation>B 成为 A 的配方，然后可以更改它</translation>
    </message>
    <message>
        <source>&amp;Float32 as B</source>
        <translation>以 float32 为 B(&amp;F)</translation>
    </message>
    <message>
        <source>B is the model as it is in the file</source>
        <translation>B 是文件中原样的模型</translation>
    </message>
    <message>
        <source>&amp;Swap A and B</source>
        <translation>交换 A 和 B(&amp;S)</translation>
    </message>
    <message>
        <source>A and B change places</source>
        <translation>A 和 B 互换</translation>
    </message>
    <message>
        <source>&amp;Blink: B in place of A</source>
        <translation>闪烁对比：以 B 代替 A(&amp;B)</translation>
    </message>
    <message>
        <source>Hold the key to see B in place of A</source>
        <translation>按住该键，以 B 代替 A 显示</translation>
    </message>
    <message>
        <source>Compare with a model</source>
        <translation>与一个模型对比</translation>
    </message>
</context>
<context>
    <name>qs::ui::DemoCard</name>
    <message>
        <source>Drawing the demo models …</source>
        <translation>正在绘制演示模型 …</translation>
    </message>
    <message>
        <source>%1 bits: output error %2, %3</source>
        <translation>%1 比特：输出误差 %2，%3</translation>
    </message>
    <message>
        <source>Open the demo: %1</source>
        <translation>打开演示模型：%1</translation>
    </message>
    <message>
        <source>%1
The picture: the step size of each channel, layer by layer.</source>
        <translation>%1
图中逐层显示各通道的量化步长。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
</context>
<context>
    <name>qs::ui::DetailsPanel</name>
    <message>
        <source>&amp;Selected layer</source>
        <translation>所选层(&amp;S)</translation>
    </message>
    <message>
        <source>Overrides, scales and errors of the selected layer</source>
        <translation>所选层的单独设置、缩放因子和误差</translation>
    </message>
    <message>
        <source>Axis</source>
        <translation>轴</translation>
    </message>
    <message>
        <source>Which axis of the tensor counts the output channels</source>
        <translation>张量的哪个轴对应输出通道</translation>
    </message>
    <message>
        <source>From file</source>
        <translation>按文件</translation>
    </message>
    <message>
        <source>Back to the file&apos;s axis</source>
        <translation>恢复为文件中的轴</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>What the tensor is: whether anything multiplies by it, and how</source>
        <translation>这个张量是什么：是否有运算与它相乘，以及如何相乘</translation>
    </message>
    <message>
        <source>From its name</source>
        <translation>按名称</translation>
    </message>
    <message>
        <source>Back to what its name says</source>
        <translation>恢复为名称所示的角色</translation>
    </message>
    <message>
        <source>Select a layer to see its scales and errors.</source>
        <translation>选择一个层，查看其缩放因子和误差。</translation>
    </message>
    <message>
        <source>Selected layer</source>
        <translation>所选层</translation>
    </message>
    <message>
        <source>From scheme</source>
        <translation>按方案</translation>
    </message>
    <message>
        <source>Back to the scheme</source>
        <translation>恢复为方案</translation>
    </message>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>A change applies to all of them.</source>
        <translation>更改会应用于所有这些层。</translation>
    </message>
    <message>
        <source>%1 quantized, %2 kept as they are</source>
        <translation>%1 个已量化，%2 个保持原样</translation>
    </message>
    <message>
        <source>The file that is about to be written keeps it as %1: %2</source>
        <translation>将要写入的文件以 %1 保留它：%2</translation>
    </message>
    <message>
        <source>Quantized in the file: %1</source>
        <translation>在文件中已量化：%1</translation>
    </message>
    <message>
        <source>Kept as %1: %2</source>
        <translation>以 %1 保留：%2</translation>
    </message>
    <message>
        <source>Axis %1: %2 channels</source>
        <translation>轴 %1：%2 个通道</translation>
    </message>
    <message>
        <source>Axis %1</source>
        <translation>轴 %1</translation>
    </message>
    <message>
        <source>Axis %1 counts the output channels: %2.</source>
        <translation>轴 %1 对应输出通道：%2。</translation>
    </message>
    <message>
        <source>Axis %1 counts the output channels, as the recipe says; axis %2 by the file: %3.</source>
        <translation>按配方，轴 %1 对应输出通道；按文件则是轴 %2：%3。</translation>
    </message>
    <message>
        <source>One channel: one scale per channel and one scale for the whole layer are the same.</source>
        <translation>只有一个通道：逐通道和整层的缩放因子相同。</translation>
    </message>
    <message>
        <source>Step size: the distance between two neighbouring values after quantization</source>
        <translation>量化步长：量化后两个相邻数值之间的距离</translation>
    </message>
    <message>
        <source>What the step sizes would be if this layer were quantized</source>
        <translation>如果量化该层，步长会是多少</translation>
    </message>
    <message>
        <source>Scale, smallest … largest</source>
        <translation>缩放因子，最小 … 最大</translation>
    </message>
    <message>
        <source>Scale, whole layer</source>
        <translation>缩放因子，整层</translation>
    </message>
    <message>
        <source>The one scale that the whole layer would get without scales per channel</source>
        <translation>不逐通道时，整层共用的那一个缩放因子</translation>
    </message>
    <message>
        <source>Zero points</source>
        <translation>零点</translation>
    </message>
    <message>
        <source>The code that stands for the value 0</source>
        <translation>代表数值 0 的码</translation>
    </message>
    <message>
        <source>Offsets</source>
        <translation>偏移</translation>
    </message>
    <message>
        <source>The value of the lowest code, in place of a zero point</source>
        <translation>最小的码所对应的数值，用来代替零点</translation>
    </message>
    <message>
        <source>Tied to</source>
        <translation>共享权重</translation>
    </message>
    <message>
        <source>Other names of the very same weights: they count once, and any of them selects the layer</source>
        <translation>同一份权重的其他名称：只计一次，用任何一个名称都能选择该层</translation>
    </message>
    <message>
        <source>Weight error, matrix %1</source>
        <translation>权重误差，矩阵 %1</translation>
    </message>
    <message>
        <source>Relative error of this matrix of the stack alone</source>
        <translation>堆叠中仅此矩阵的相对误差</translation>
    </message>
    <message>
        <source>Further matrices</source>
        <translation>其他矩阵</translation>
    </message>
    <message>
        <source>Weight SQNR</source>
        <translation>权重信噪比</translation>
    </message>
    <message>
        <source>Signal-to-quantization-noise ratio of the weights; 6 dB more halve the error</source>
        <translation>权重的信号量化噪声比（SQNR）；每增加 6 dB，误差减半</translation>
    </message>
    <message>
        <source>Weight error</source>
        <translation>权重误差</translation>
    </message>
    <message>
        <source>Relative error of the weights, ‖y − x‖ / ‖x‖</source>
        <translation>权重的相对误差，‖y − x‖ / ‖x‖</translation>
    </message>
    <message>
        <source>Clipped weights</source>
        <translation>截断的权重</translation>
    </message>
    <message>
        <source>Output error, alone</source>
        <translation>输出误差，单层</translation>
    </message>
    <message>
        <source>Relative error of the network&apos;s output when only this layer is quantized</source>
        <translation>只量化该层时网络输出的相对误差</translation>
    </message>
    <message>
        <source>Output error, up to here</source>
        <translation>输出误差，累积</translation>
    </message>
    <message>
        <source>Relative error of this layer&apos;s output when all layers up to it are quantized</source>
        <translation>到该层为止的所有层都量化时，该层输出的相对误差</translation>
    </message>
    <message>
        <source>Output error, this layer</source>
        <translation>输出误差，该层</translation>
    </message>
    <message>
        <source>Relative error of this layer&apos;s output for the given inputs</source>
        <translation>对给定输入，该层输出的相对误差</translation>
    </message>
    <message>
        <source>In the network</source>
        <translation>在网络中</translation>
    </message>
    <message>
        <source>Shape of what goes into the layer, and of what comes out, for one sample</source>
        <translation>单个样本进入该层和离开该层时的形状</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>%1 before, %2 after; packed codes with scales and zero points</source>
        <translation>之前 %1，之后 %2；打包的量化码连同缩放因子和零点</translation>
    </message>
    <message>
        <source>Channel %1: output %2 of expert %3</source>
        <translation>通道 %1：专家 %3 的输出 %2</translation>
    </message>
    <message>
        <source>Channel %1</source>
        <translation>通道 %1</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Smallest and largest weight of the channel</source>
        <translation>通道中最小和最大的权重</translation>
    </message>
    <message>
        <source>Scales of %1 groups</source>
        <translation>%1 个组的缩放因子</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放因子</translation>
    </message>
    <message>
        <source>Step size</source>
        <translation>量化步长</translation>
    </message>
    <message>
        <source>Offsets of %1 groups</source>
        <translation>%1 个组的偏移</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>偏移</translation>
    </message>
    <message>
        <source>Zero point</source>
        <translation>零点</translation>
    </message>
    <message>
        <source>RMSE / scale</source>
        <translation>均方根误差 / 缩放因子</translation>
    </message>
    <message>
        <source>Root of the mean squared error, in steps. Evenly spread rounding gives 0.289: lower means that many weights fall on the grid, higher means clipping.</source>
        <translation>均方根误差，以步长为单位。均匀分布的舍入给出 0.289：更低表示许多权重正好落在网格上，更高表示有截断。</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1，还有 %2 个</translation>
    </message>
    <message>
        <source>Fed by</source>
        <translation>输入来自</translation>
    </message>
    <message>
        <source>The layers, joins and inputs whose values it takes</source>
        <translation>它取用其值的层、汇合点和输入</translation>
    </message>
    <message>
        <source>Feeds</source>
        <translation>输出到</translation>
    </message>
    <message>
        <source>The layers, joins and outputs that take its values</source>
        <translation>取用它的值的层、汇合点和输出</translation>
    </message>
    <message>
        <source>Role: %1, because: %2</source>
        <translation>角色：%1，原因：%2</translation>
    </message>
    <message>
        <source>Weights that become 0</source>
        <translation>变为 0 的权重</translation>
    </message>
    <message>
        <source>Share of the weights that were not 0 and whose code means 0</source>
        <translation>原本非零、量化后码值表示 0 的权重所占比例</translation>
    </message>
</context>
<context>
    <name>qs::ui::DistributionJob</name>
    <message>
        <source>Counting weights …</source>
        <translation>正在统计权重 …</translation>
    </message>
    <message>
        <source>%1, channel %2, group %3</source>
        <translation>%1，通道 %2，第 %3 组</translation>
    </message>
    <message>
        <source>%1, channel %2</source>
        <translation>%1，通道 %2</translation>
    </message>
</context>
<context>
    <name>qs::ui::DistributionPanel</name>
    <message>
        <source>&amp;Distribution</source>
        <translation>分布(&amp;D)</translation>
    </message>
    <message>
        <source>How the weights of the selected layer are spread</source>
        <translation>所选层的权重如何分布</translation>
    </message>
    <message>
        <source>Select a layer to see how its weights are spread.</source>
        <translation>选择一个层，查看其权重的分布。</translation>
    </message>
    <message>
        <source>There is no distribution: %1</source>
        <translation>没有分布：%1</translation>
    </message>
</context>
<context>
    <name>qs::ui::DockTitle</name>
    <message>
        <source>Hide; the View menu brings it back</source>
        <translation>隐藏；可从“视图”菜单恢复</translation>
    </message>
    <message>
        <source>Hide the panel %1</source>
        <translation>隐藏面板“%1”</translation>
    </message>
</context>
<context>
    <name>qs::ui::Document</name>
    <message>
        <source>Opening …</source>
        <translation>正在打开 …</translation>
    </message>
    <message>
        <source>%1 was not opened, because the recipe was changed in the meantime: save it, or open the file again.</source>
        <translation>没有打开 %1，因为其间配方有了更改：请先保存配方，或再次打开该文件。</translation>
    </message>
</context>
<context>
    <name>qs::ui::DropSign</name>
    <message>
        <source>Drop to open</source>
        <translation>拖放以打开</translation>
    </message>
    <message>
        <source>Drop here to open it</source>
        <translation>拖放到这里以打开</translation>
    </message>
    <message>
        <source>Drop here to compare: open as B</source>
        <translation>拖放到这里以对比：打开为 B</translation>
    </message>
</context>
<context>
    <name>qs::ui::EqualCopies</name>
    <message>
        <source>Find equal copies</source>
        <translation>查找相同副本</translation>
    </message>
    <message>
        <source>Looks for weights that the file holds several times; reads all that could be equal</source>
        <translation>查找文件中重复保存的权重；会读取所有可能相同的权重</translation>
    </message>
    <message>
        <source>Comparing weights …</source>
        <translation>正在比较权重 …</translation>
    </message>
    <message>
        <source>No weight is there twice.</source>
        <translation>没有重复的权重。</translation>
    </message>
    <message numerus="yes">
        <source>Tie %n copies</source>
        <translation>
            <numerusform>共享 %n 个副本</numerusform>
        </translation>
    </message>
    <message>
        <source>One layer with several names: it is quantized and counted once</source>
        <translation>一个层，多个名称：只量化一次，也只计一次</translation>
    </message>
</context>
<context>
    <name>qs::ui::ErrorPage</name>
    <message>
        <source>Open another…</source>
        <translation>打开其他文件…</translation>
    </message>
    <message>
        <source>What</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy these lines, to show them to somebody</source>
        <translation>复制这些内容，以便交给他人查看</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Back to the start page</source>
        <translation>返回起始页</translation>
    </message>
    <message>
        <source>%1 cannot be opened</source>
        <translation>无法打开 %1</translation>
    </message>
    <message>
        <source>not known by its content</source>
        <translation>无法从内容识别</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Models in this folder</source>
        <translation>此文件夹中的模型</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>打开 %1</translation>
    </message>
</context>
<context>
    <name>qs::ui::ErrorPlot</name>
    <message>
        <source>Output error</source>
        <translation>输出误差</translation>
    </message>
    <message>
        <source>In the order of the network</source>
        <translation>按网络顺序</translation>
    </message>
    <message>
        <source>Largest error first</source>
        <translation>误差最大者在前</translation>
    </message>
    <message>
        <source>up to here</source>
        <translation>累积</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>relative error</source>
        <translation>相对误差</translation>
    </message>
    <message>
        <source>total %1</source>
        <translation>合计 %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>before: %1</source>
        <translation>之前：%1</translation>
    </message>
    <message>
        <source>up to here: %1</source>
        <translation>累积：%1</translation>
    </message>
    <message>
        <source>Layer output error</source>
        <translation>层输出误差</translation>
    </message>
    <message>
        <source>Weight error</source>
        <translation>权重误差</translation>
    </message>
    <message>
        <source>of the weights alone: a screening number</source>
        <translation>仅权重：用于筛查的数值</translation>
    </message>
    <message>
        <source>against float, %1</source>
        <translation>相对浮点，%1</translation>
    </message>
    <message>
        <source>against float</source>
        <translation>相对浮点</translation>
    </message>
    <message>
        <source>output of the layer</source>
        <translation>层的输出</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>alone</source>
        <translation>单层</translation>
    </message>
    <message>
        <source>Open a model to see what each layer&apos;s quantization costs.</source>
        <translation>打开一个模型，查看量化每一层的代价。</translation>
    </message>
    <message>
        <source>This file has no weights that can be quantized.</source>
        <translation>这个文件中没有可量化的权重。</translation>
    </message>
    <message>
        <source>The file holds codes and no float weights to compare them with, so the error is unknown.</source>
        <translation>文件中只有量化码，没有可供比较的浮点权重，因此误差未知。</translation>
    </message>
    <message>
        <source>Nothing is quantized, so there is no error.</source>
        <translation>没有量化任何层，因此没有误差。</translation>
    </message>
    <message numerus="yes">
        <source>%n layers, %1 excluded</source>
        <translation>
            <numerusform>%n 个层，排除 %1 个</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layers, largest error %1 %2, %3 excluded</source>
        <translation>
            <numerusform>%n 个层，最大误差 %1 %2，排除 %3 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Relative error, %1</source>
        <translation>相对误差，%1</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Relative error, up to here</source>
        <translation>相对误差，累积</translation>
    </message>
    <message>
        <source>B, %1</source>
        <translation>B，%1</translation>
    </message>
    <message>
        <source>B, up to here</source>
        <translation>B，累积</translation>
    </message>
    <message>
        <source>B: %1</source>
        <translation>B：%1</translation>
    </message>
    <message>
        <source>B is a file, whose weights are compared: see B / A in the table of layers, and the page Compare.</source>
        <translation>B 是一个文件，比较的是它的权重：参见层列表中的 B / A 和“对比”页。</translation>
    </message>
    <message>
        <source>Relative error of B</source>
        <translation>B 的相对误差</translation>
    </message>
    <message>
        <source>of the weights of each layer</source>
        <translation>各层的权重</translation>
    </message>
    <message>
        <source>%1 of B</source>
        <translation>B 的%1</translation>
    </message>
    <message>
        <source>Error of outputs, or of weights</source>
        <translation>输出或权重的误差</translation>
    </message>
    <message>
        <source>Relative error of weights</source>
        <translation>权重的相对误差</translation>
    </message>
    <message>
        <source>SQNR of weights</source>
        <translation>权重信噪比</translation>
    </message>
    <message>
        <source>Largest error of a weight</source>
        <translation>单个权重的最大误差</translation>
    </message>
    <message>
        <source>1 − cosine of weights</source>
        <translation>权重的 1 − 余弦</translation>
    </message>
    <message>
        <source>Weight SQNR</source>
        <translation>权重信噪比</translation>
    </message>
    <message>
        <source>SQNR of weights, dB</source>
        <translation>权重信噪比，dB</translation>
    </message>
    <message>
        <source>largest |y − x|</source>
        <translation>最大 |y − x|</translation>
    </message>
    <message>
        <source>1 − cosine</source>
        <translation>1 − 余弦</translation>
    </message>
    <message>
        <source>before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>of the network, with each layer alone</source>
        <translation>网络的误差，每次只量化一层</translation>
    </message>
    <message>
        <source>The network was not run with each layer alone.</source>
        <translation>网络未按每次只量化一层的方式运行。</translation>
    </message>
    <message>
        <source>Known only of a network that is run and gives scores of classes.</source>
        <translation>只有运行过且输出类别得分的网络才有。</translation>
    </message>
    <message>
        <source>Changed top-1 answers, each layer alone</source>
        <translation>每次只量化一层时改变的 top-1 结果</translation>
    </message>
    <message>
        <source>Changed top-1 answers</source>
        <translation>改变的 top-1 结果</translation>
    </message>
    <message>
        <source>answers that change</source>
        <translation>改变的结果</translation>
    </message>
</context>
<context>
    <name>qs::ui::ExcludeAbove</name>
    <message>
        <source>Exclude</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Largest error that stays, in percent</source>
        <translation>允许的最大误差，百分比</translation>
    </message>
    <message>
        <source>Exclude layers whose weight error is above</source>
        <translation>排除权重误差高于此值的层</translation>
    </message>
    <message>
        <source>Exclude layers whose output error, alone, is above</source>
        <translation>排除单层输出误差高于此值的层</translation>
    </message>
    <message>
        <source>%1 of %2 layers</source>
        <translation>%2 个层中的 %1 个</translation>
    </message>
</context>
<context>
    <name>qs::ui::Explainer</name>
    <message>
        <source>Explain this n&amp;umber</source>
        <translation>解释这个数值(&amp;U)</translation>
    </message>
    <message>
        <source>Explain this number</source>
        <translation>解释这个数值</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>What a value means</source>
        <translation>数值的含义</translation>
    </message>
    <message>
        <source>A right click, or Shift+F1, explains this number.</source>
        <translation>右键单击或按 Shift+F1 可解释这个数字。</translation>
    </message>
</context>
<context>
    <name>qs::ui::ExplanationPopup</name>
    <message>
        <source>Lesson %1, step %2</source>
        <translation>课程 %1，第 %2 步</translation>
    </message>
    <message>
        <source>Glossary</source>
        <translation>术语表</translation>
    </message>
</context>
<context>
    <name>qs::ui::ExportExtras</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Schemes that suit the format, the command line, rules for other tools</source>
        <translation>适合该格式的方案、命令行、用于其他工具的规则</translation>
    </message>
    <message>
        <source>Use %1</source>
        <translation>使用 %1</translation>
    </message>
    <message>
        <source>Set to %1</source>
        <translation>设为 %1</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>Rules for another tool…</source>
        <translation>用于其他工具的规则…</translation>
    </message>
</context>
<context>
    <name>qs::ui::ExportPanel</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Replace the file that is there</source>
        <translation>替换已有的文件</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>Write the quantized weights to a file</source>
        <translation>将量化后的权重写入文件</translation>
    </message>
    <message>
        <source>Ctrl+E</source>
        <translation>Ctrl+E</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>File to write</source>
        <translation>要写入的文件</translation>
    </message>
    <message>
        <source>Export quantized weights</source>
        <translation>导出量化权重</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close the export</source>
        <translation>关闭导出面板</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Planning the export …</source>
        <translation>正在规划导出 …</translation>
    </message>
    <message>
        <source>Previewing the export …</source>
        <translation>正在预览导出 …</translation>
    </message>
    <message>
        <source>%1 is kept: %2</source>
        <translation>%1 保持原样：%2</translation>
    </message>
    <message>
        <source>Nothing would be quantized: the model has no layers.</source>
        <translation>没有可量化的内容：模型没有任何层。</translation>
    </message>
    <message>
        <source>0 of %1 layers would be quantized. %2 is kept: %3</source>
        <translation>%1 个层中有 0 个会被量化。%2 保持原样：%3</translation>
    </message>
    <message>
        <source>%1 (%2), %3 of %4 layers quantized</source>
        <translation>%1（%2），量化 %4 个层中的 %3 个</translation>
    </message>
    <message>
        <source>Not possible: %1</source>
        <translation>无法导出：%1</translation>
    </message>
    <message>
        <source>… and %1 more</source>
        <translation>… 还有 %1 个</translation>
    </message>
    <message>
        <source>Exporting …</source>
        <translation>正在导出 …</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
</context>
<context>
    <name>qs::ui::ExportUnits</name>
    <message>
        <source>Keep what is done when it is cancelled</source>
        <translation>取消时保留已完成的部分</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Remove the finished parts</source>
        <translation>删除已完成的部分</translation>
    </message>
    <message>
        <source>Ranges and codes that follow from inputs are worked out in one go.</source>
        <translation>由输入决定的范围和量化码须一次算完。</translation>
    </message>
    <message>
        <source>%1 of %2 parts of this export are done, in %3: Resume goes on from there.</source>
        <translation>此次导出的 %2 个部分中已完成 %1 个，位于 %3：单击“继续”从该处接着进行。</translation>
    </message>
    <message>
        <source>%1 holds parts of another export, which are of no use for this one.</source>
        <translation>%1 中有另一次导出的部分，对此次导出没有用处。</translation>
    </message>
    <message>
        <source>Works in parts beside the file, and goes on from there the next time.</source>
        <translation>在文件旁分部分工作，下次从那里继续。</translation>
    </message>
</context>
<context>
    <name>qs::ui::FieldCombo</name>
    <message>
        <source>(mixed)</source>
        <translation>（不一致）</translation>
    </message>
</context>
<context>
    <name>qs::ui::FilePage</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>%1, %2 files</source>
        <translation>%1，%2 个文件</translation>
    </message>
    <message>
        <source>%1 quantized in the file</source>
        <translation>%1 个在文件中已量化</translation>
    </message>
    <message>
        <source>%1 cannot be quantized</source>
        <translation>%1 个无法量化</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>Format, metadata, tensors and remarks on the file</source>
        <translation>格式、元数据、张量以及对文件的备注</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>This file holds no tensor.</source>
        <translation>这个文件中没有张量。</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>元数据</translation>
    </message>
    <message>
        <source>This file says nothing about itself.</source>
        <translation>这个文件没有关于自身的说明。</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Nothing is odd about this file.</source>
        <translation>这个文件没有异常之处。</translation>
    </message>
    <message>
        <source>From its name</source>
        <translation>按名称</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Reading the graph …</source>
        <translation>正在读取计算图 …</translation>
    </message>
    <message>
        <source>None: %1</source>
        <translation>无：%1</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>By the file&apos;s content, not by its name</source>
        <translation>依据文件的内容，而不是名称</translation>
    </message>
    <message>
        <source>About</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>As the file&apos;s metadata says</source>
        <translation>取自文件的元数据</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>%1 of them are weights</source>
        <translation>其中 %1 是权重</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Elements of all weights and biases</source>
        <translation>所有权重和偏置的元素个数</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Weights that can be quantized, or are already</source>
        <translation>可以量化或已经量化的权重</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Of the graph that the file carries</source>
        <translation>取自文件中的计算图</translation>
    </message>
    <message>
        <source>Part of the checkpoint</source>
        <translation>检查点的部分</translation>
    </message>
    <message>
        <source>This file holds several models; one of them is open</source>
        <translation>这个文件中有多个模型；打开的是其中之一</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
</context>
<context>
    <name>qs::ui::FileSessions</name>
    <message>
        <source>The recipe of the last time is in force again.</source>
        <translation>上次的配方再次生效。</translation>
    </message>
    <message>
        <source>Start afresh</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>Restore the last session</source>
        <translation>恢复上次的会话</translation>
    </message>
</context>
<context>
    <name>qs::ui::FirstHints</name>
    <message>
        <source>Untick a layer in the table: it is kept as it is, and size and error change.</source>
        <translation>在列表中取消勾选一个层：它保持原样，大小和误差随之改变。</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>See before and after: Ctrl+D keeps a copy as B, which is drawn beside A in orange.</source>
        <translation>对比前后：按 Ctrl+D 将副本保留为 B，它以橙色画在 A 旁边。</translation>
    </message>
    <message>
        <source>Click another layer, in the table or in a plot: all panels follow.</source>
        <translation>在列表或图中单击另一个层：所有面板都会跟随。</translation>
    </message>
    <message>
        <source>What does a number mean? A right click on it, or Shift+F1, explains it; Ctrl+K finds everything else.</source>
        <translation>某个数字是什么意思？右键单击它或按 Shift+F1 即可查看解释；其余一切用 Ctrl+K 查找。</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>qs::ui::GlossaryDialog</name>
    <message>
        <source>Glossary</source>
        <translation>术语表</translation>
    </message>
    <message>
        <source>Search in English or Chinese</source>
        <translation>用英文或中文搜索</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>含义</translation>
    </message>
    <message>
        <source>Lesson</source>
        <translation>课程</translation>
    </message>
    <message>
        <source>Terms</source>
        <translation>术语</translation>
    </message>
</context>
<context>
    <name>qs::ui::GroupField</name>
    <message>
        <source>Group</source>
        <translation>组</translation>
    </message>
    <message>
        <source>Group of the channel</source>
        <translation>通道中的组</translation>
    </message>
    <message>
        <source>Each group of the channel has a scale, and a clipping point, of its own</source>
        <translation>通道的每个组都有自己的缩放因子和截断点</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>of %1</source>
        <translation>共 %1</translation>
    </message>
</context>
<context>
    <name>qs::ui::Inputs</name>
    <message>
        <source>Reading …</source>
        <translation>正在读取 …</translation>
    </message>
    <message>
        <source>Feed the model&apos;s own samples</source>
        <translation>送入模型自带的样本</translation>
    </message>
    <message>
        <source>Feed %1 pictures</source>
        <translation>送入 %1 张图片</translation>
    </message>
    <message>
        <source>Feed %1</source>
        <translation>送入 %1</translation>
    </message>
</context>
<context>
    <name>qs::ui::InputsLine</name>
    <message>
        <source>Run it</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Choose what is fed into the network</source>
        <translation>选择送入网络的数据</translation>
    </message>
    <message>
        <source>Fed: %1</source>
        <translation>输入：%1</translation>
    </message>
    <message>
        <source>Assumed: %1</source>
        <translation>假定：%1</translation>
    </message>
    <message>
        <source>Inputs from a .npy or .npz file…</source>
        <translation>从 .npy 或 .npz 文件读取输入…</translation>
    </message>
    <message>
        <source>Labels from a .npy file…</source>
        <translation>从 .npy 文件读取标签…</translation>
    </message>
    <message>
        <source>The model&apos;s own samples</source>
        <translation>模型自带的样本</translation>
    </message>
    <message>
        <source>Random inputs</source>
        <translation>随机输入</translation>
    </message>
    <message>
        <source>Activation between layers</source>
        <translation>层间的激活函数</translation>
    </message>
    <message>
        <source>As the file says</source>
        <translation>按文件所述</translation>
    </message>
    <message>
        <source>ReLU, assumed</source>
        <translation>假定为 ReLU</translation>
    </message>
    <message>
        <source>NumPy arrays (*.npy *.npz)</source>
        <translation>NumPy 数组 (*.npy *.npz)</translation>
    </message>
    <message>
        <source>Inputs, one sample per row</source>
        <translation>输入，每行一个样本</translation>
    </message>
    <message>
        <source>Labels, one whole number per sample</source>
        <translation>标签，每个样本一个整数</translation>
    </message>
    <message>
        <source>A picture…</source>
        <translation>一张图片…</translation>
    </message>
    <message>
        <source>A picture to feed</source>
        <translation>要送入的图片</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.bmp *.ppm *.pgm)</source>
        <translation>图片 (*.png *.jpg *.jpeg *.bmp *.ppm *.pgm)</translation>
    </message>
    <message>
        <source>The pictures of a folder…</source>
        <translation>文件夹中的图片…</translation>
    </message>
    <message>
        <source>A folder with pictures to feed</source>
        <translation>含有要送入的图片的文件夹</translation>
    </message>
    <message>
        <source>Values of pictures</source>
        <translation>图片的数值</translation>
    </message>
    <message>
        <source>0 … 1</source>
        <translation>0 … 1</translation>
    </message>
    <message>
        <source>−1 … 1</source>
        <translation>−1 … 1</translation>
    </message>
    <message>
        <source>Mean and deviation of ImageNet</source>
        <translation>ImageNet 的均值和标准差</translation>
    </message>
    <message>
        <source>0 … 255</source>
        <translation>0 … 255</translation>
    </message>
    <message>
        <source>Each layer alone takes about %1, with up to %2 of memory.</source>
        <translation>逐层单独计算约需 %1，最多占用 %2 内存。</translation>
    </message>
    <message>
        <source>Running the network takes about %1 (%2 GFLOP), with up to %3 of memory.</source>
        <translation>运行网络约需 %1（%2 GFLOP），最多占用 %3 内存。</translation>
    </message>
    <message>
        <source>Running the network takes about %1, with up to %2 of memory.</source>
        <translation>运行网络约需 %1，最多占用 %2 内存。</translation>
    </message>
    <message>
        <source>Random inputs find the bad layer, but say nothing of accuracy.</source>
        <translation>随机输入能找出有问题的层，但不能说明准确率。</translation>
    </message>
    <message>
        <source>samples: %1</source>
        <translation>样本：%1</translation>
    </message>
    <message>
        <source>%1: %2, %3</source>
        <translation>%1：%2，%3</translation>
    </message>
    <message>
        <source>Fed into %1</source>
        <translation>输入到 %1</translation>
    </message>
</context>
<context>
    <name>qs::ui::LayerActions</name>
    <message>
        <source>Quantize &amp;all</source>
        <translation>量化全部(&amp;A)</translation>
    </message>
    <message>
        <source>Quantize every layer that can be</source>
        <translation>量化所有可以量化的层</translation>
    </message>
    <message>
        <source>Exclude &amp;first and last</source>
        <translation>排除首层和末层(&amp;F)</translation>
    </message>
    <message>
        <source>Keep the first and the last layer of the network as they are</source>
        <translation>网络的第一层和最后一层保持原样</translation>
    </message>
    <message>
        <source>Exclude layers abo&amp;ve error…</source>
        <translation>按误差上限排除层(&amp;V)…</translation>
    </message>
    <message>
        <source>Keep the layers whose error is above a limit</source>
        <translation>误差超过限值的层保持原样</translation>
    </message>
    <message>
        <source>Quantize or keep</source>
        <translation>量化或保持</translation>
    </message>
    <message>
        <source>Quantize the selected layers, or keep them</source>
        <translation>量化所选的层，或使其保持原样</translation>
    </message>
    <message>
        <source>&amp;Quantize</source>
        <translation>量化(&amp;Q)</translation>
    </message>
    <message>
        <source>Quantize the selected layers</source>
        <translation>量化所选的层</translation>
    </message>
    <message>
        <source>&amp;Exclude</source>
        <translation>排除(&amp;E)</translation>
    </message>
    <message>
        <source>Keep the selected layers as they are</source>
        <translation>所选的层保持原样</translation>
    </message>
    <message>
        <source>Quantize &amp;only these</source>
        <translation>仅量化这些层(&amp;O)</translation>
    </message>
    <message>
        <source>Quantize the selected layers and keep all others</source>
        <translation>量化所选的层，其他层保持原样</translation>
    </message>
    <message>
        <source>Exclude all &amp;but these</source>
        <translation>排除这些以外的层(&amp;B)</translation>
    </message>
    <message>
        <source>Keep all layers but the selected ones</source>
        <translation>所选以外的层都保持原样</translation>
    </message>
    <message>
        <source>&amp;Invert</source>
        <translation>反转(&amp;I)</translation>
    </message>
    <message>
        <source>Keep the selected layers that are quantized, and the reverse</source>
        <translation>所选层中已量化的改为保持原样，反之亦然</translation>
    </message>
    <message>
        <source>&amp;From the scheme</source>
        <translation>按方案(&amp;F)</translation>
    </message>
    <message>
        <source>Take the mode from the scheme</source>
        <translation>模式取自方案</translation>
    </message>
    <message>
        <source>&amp;Symmetric</source>
        <translation>对称(&amp;S)</translation>
    </message>
    <message>
        <source>Quantize the selected layers symmetrically</source>
        <translation>对所选的层做对称量化</translation>
    </message>
    <message>
        <source>&amp;Asymmetric</source>
        <translation>非对称(&amp;A)</translation>
    </message>
    <message>
        <source>Quantize the selected layers asymmetrically</source>
        <translation>对所选的层做非对称量化</translation>
    </message>
    <message>
        <source>Take the number of bits from the scheme</source>
        <translation>位宽取自方案</translation>
    </message>
    <message>
        <source>&amp;%1 bits</source>
        <translation>%1 比特(&amp;%1)</translation>
    </message>
    <message>
        <source>Quantize the selected layers to %1 bits</source>
        <translation>将所选的层量化为 %1 比特</translation>
    </message>
    <message>
        <source>&amp;Clear overrides</source>
        <translation>清除单独设置(&amp;C)</translation>
    </message>
    <message>
        <source>Use the scheme for the selected layers</source>
        <translation>所选的层使用方案的设置</translation>
    </message>
    <message>
        <source>Copy &amp;name</source>
        <translation>复制名称(&amp;N)</translation>
    </message>
    <message>
        <source>Copy the names of the selected layers</source>
        <translation>复制所选层的名称</translation>
    </message>
    <message>
        <source>Copy rows as C&amp;SV</source>
        <translation>将行复制为 CSV(&amp;S)</translation>
    </message>
    <message>
        <source>Copy the table&apos;s rows of the selected layers</source>
        <translation>复制列表中所选层的行</translation>
    </message>
    <message>
        <source>Set &amp;mode</source>
        <translation>设置模式(&amp;M)</translation>
    </message>
    <message>
        <source>Set bi&amp;ts</source>
        <translation>设置位宽(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Keep q, k and v together</source>
        <translation>q、k、v 保持一致(&amp;K)</translation>
    </message>
    <message>
        <source>Where one of the projections q, k and v of a block is kept, keep the others, too</source>
        <translation>如果一个块的投影 q、k、v 之一保持原样，其他的也保持原样</translation>
    </message>
</context>
<context>
    <name>qs::ui::LayerFilter</name>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>mixed</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>All layers whose names begin with %1</source>
        <translation>名称以 %1 开头的所有层</translation>
    </message>
    <message>
        <source>The worst of its layers: %1</source>
        <translation>其中最差的层：%1</translation>
    </message>
    <message>
        <source>Group %1</source>
        <translation>组 %1</translation>
    </message>
</context>
<context>
    <name>qs::ui::LayerHeat</name>
    <message>
        <source>All layers by their numbers</source>
        <translation>所有层的各项数值</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>误差</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>信噪比</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>qs::ui::LayerModel</name>
    <message>
        <source>Layer %1, quantized</source>
        <translation>层 %1，已量化</translation>
    </message>
    <message>
        <source>Layer %1, quantized in the file</source>
        <translation>层 %1，在文件中已量化</translation>
    </message>
    <message>
        <source>Layer %1, excluded</source>
        <translation>层 %1，已排除</translation>
    </message>
    <message>
        <source>whole layer</source>
        <translation>逐张量</translation>
    </message>
    <message>
        <source>per channel</source>
        <translation>逐通道</translation>
    </message>
    <message>
        <source>groups of %1</source>
        <translation>每组 %1 个</translation>
    </message>
    <message>
        <source>offsets</source>
        <translation>偏移</translation>
    </message>
    <message>
        <source>sym</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>asym</source>
        <translation>非对称</translation>
    </message>
    <message>
        <source>%1 %2 bit</source>
        <translation>%1 %2 比特</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Tied to %1</source>
        <translation>与 %1 共享权重</translation>
    </message>
    <message>
        <source>Quantized in the file: %1</source>
        <translation>在文件中已量化：%1</translation>
    </message>
    <message>
        <source>Kept as it is: %1</source>
        <translation>保持原样：%1</translation>
    </message>
    <message>
        <source>The file that is about to be written keeps it as it is: %1</source>
        <translation>将要写入的文件使其保持原样：%1</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>Weight error</source>
        <translation>权重误差</translation>
    </message>
    <message>
        <source>Output error</source>
        <translation>输出误差</translation>
    </message>
    <message>
        <source>Error alone</source>
        <translation>单层误差</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Size before</source>
        <translation>之前大小</translation>
    </message>
    <message>
        <source>Size after</source>
        <translation>之后大小</translation>
    </message>
    <message>
        <source>Scale, smallest</source>
        <translation>最小缩放因子</translation>
    </message>
    <message>
        <source>Scale, median</source>
        <translation>缩放因子中位数</translation>
    </message>
    <message>
        <source>Scale, largest</source>
        <translation>最大缩放因子</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>通道间差异</translation>
    </message>
    <message>
        <source>Zero points</source>
        <translation>零点</translation>
    </message>
    <message>
        <source>Clipped</source>
        <translation>截断</translation>
    </message>
    <message>
        <source>Weight SQNR</source>
        <translation>权重信噪比</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>位宽</translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>量化粒度</translation>
    </message>
    <message>
        <source>Relative error of the weights, ‖y − x‖ / ‖x‖. A screening number: the network was not run.</source>
        <translation>权重的相对误差，‖y − x‖ / ‖x‖。仅供筛查：没有运行网络。</translation>
    </message>
    <message>
        <source>Relative error of this layer&apos;s output for the given inputs.</source>
        <translation>对给定输入，该层输出的相对误差。</translation>
    </message>
    <message>
        <source>Relative error of the network&apos;s output when only this layer is quantized.</source>
        <translation>只量化该层时网络输出的相对误差。</translation>
    </message>
    <message>
        <source>Shape of the weight tensor as it is stored</source>
        <translation>权重张量存储时的形状</translation>
    </message>
    <message>
        <source>Largest scale divided by the smallest one</source>
        <translation>最大缩放因子除以最小缩放因子</translation>
    </message>
    <message>
        <source>Share of codes that the ends of the code range changed</source>
        <translation>因到达码域两端而被改变的码的比例</translation>
    </message>
    <message>
        <source>Packed codes with scales and zero points</source>
        <translation>打包的量化码连同缩放因子和零点</translation>
    </message>
    <message>
        <source>Error of B</source>
        <translation>B 的误差</translation>
    </message>
    <message>
        <source>B / A</source>
        <translation>B / A</translation>
    </message>
    <message>
        <source>Relative error of the weights in B, against those in A: above 1, B is worse.</source>
        <translation>B 中权重的相对误差与 A 中的比值：大于 1 表示 B 更差。</translation>
    </message>
    <message>
        <source>Output error of the layer in B, against that in A: above 1, B is worse.</source>
        <translation>B 中该层的输出误差与 A 中的比值：大于 1 表示 B 更差。</translation>
    </message>
    <message>
        <source>Of %1 layers the number %2 by its weights (weight SQNR) and the number %3 by what the network&apos;s output loses; 1 is the worst.</source>
        <translation>在 %1 个层中，按权重（权重信噪比）排第 %2，按网络输出的损失排第 %3；第 1 为最差。</translation>
    </message>
    <message>
        <source>▲ Among the tenth of layers that the network feels most, though its weights are in the better half.</source>
        <translation>▲ 属于对网络影响最大的十分之一的层，但其权重处于较好的一半。</translation>
    </message>
    <message>
        <source>▼ Among the tenth of layers whose weights lose most, though the network hardly feels it.</source>
        <translation>▼ 属于权重损失最大的十分之一的层，但网络几乎不受影响。</translation>
    </message>
    <message>
        <source>Signal-to-quantization-noise ratio of the weights, in dB; higher is better.
▲: among the tenth of layers with the largest output errors, though its weights are in the better half.
▼: among the tenth with the worst weights, though its output error is in the better half.</source>
        <translation>权重的信号与量化噪声之比，单位 dB；越高越好。
▲：属于输出误差最大的十分之一的层，但其权重处于较好的一半。
▼：属于权重最差的十分之一的层，但其输出误差处于较好的一半。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Experts that lose most: %1</source>
        <translation>损失最大的专家：%1</translation>
    </message>
</context>
<context>
    <name>qs::ui::LayerNeighbours</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Looking for what feeds each layer …</source>
        <translation>正在查找每层的输入来源 …</translation>
    </message>
    <message>
        <source>the output</source>
        <translation>输出</translation>
    </message>
</context>
<context>
    <name>qs::ui::LayerPlot</name>
    <message>
        <source>stored codes</source>
        <translation>文件中的码</translation>
    </message>
    <message>
        <source>NaN or ∞</source>
        <translation>NaN 或 ∞</translation>
    </message>
    <message>
        <source>excluded</source>
        <translation>已排除</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>保持</translation>
    </message>
</context>
<context>
    <name>qs::ui::LayersPanel</name>
    <message>
        <source>All layers, one per row</source>
        <translation>所有层，每行一个</translation>
    </message>
    <message>
        <source>Filter: fc  is:warning  err&gt;1%</source>
        <translation>筛选：fc  is:warning  err&gt;1%</translation>
    </message>
    <message>
        <source>Filter layers</source>
        <translation>筛选层</translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>No layer matches.</source>
        <translation>没有符合条件的层。</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>&amp;Find layer</source>
        <translation>查找层(&amp;F)</translation>
    </message>
    <message>
        <source>Filter layers by name, state or number; Esc clears, then leaves</source>
        <translation>按名称、状态或数值筛选层；Esc 先清除，再离开</translation>
    </message>
    <message>
        <source>&amp;Columns of the layer table</source>
        <translation>层列表的列(&amp;C)</translation>
    </message>
    <message>
        <source>Choose what the table of layers shows</source>
        <translation>选择层列表显示哪些列</translation>
    </message>
    <message>
        <source>Go to the current layer</source>
        <translation>转到当前层</translation>
    </message>
    <message>
        <source>Current layer into the middle of the table</source>
        <translation>将当前层移到列表中间</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>This file holds no layer that can be quantized.</source>
        <translation>这个文件中没有可量化的层。</translation>
    </message>
    <message>
        <source>The layers of the model that you open appear here.</source>
        <translation>打开模型后，它的层会显示在这里。</translation>
    </message>
    <message>
        <source>Default columns</source>
        <translation>默认列</translation>
    </message>
    <message>
        <source>La&amp;yers</source>
        <translation>层(&amp;Y)</translation>
    </message>
    <message>
        <source>&amp;Rule from the filter</source>
        <translation>由筛选生成规则(&amp;R)</translation>
    </message>
    <message>
        <source>Make a rule of the recipe out of what the filter says</source>
        <translation>用筛选条件生成配方中的一条规则</translation>
    </message>
    <message>
        <source>&amp;Group layers by name</source>
        <translation>按名称将层分组(&amp;G)</translation>
    </message>
    <message>
        <source>Layers of a block below one row, which can be closed</source>
        <translation>同一块的各层归在一行之下，该行可以折叠</translation>
    </message>
    <message>
        <source>Group layers by name</source>
        <translation>按名称将层分组</translation>
    </message>
</context>
<context>
    <name>qs::ui::LegendChip</name>
    <message>
        <source>Show or hide: %1</source>
        <translation>显示或隐藏：%1</translation>
    </message>
</context>
<context>
    <name>qs::ui::LessonOverlay</name>
    <message>
        <source>Covered until the answer is revealed</source>
        <translation>揭晓答案之前遮盖</translation>
    </message>
</context>
<context>
    <name>qs::ui::LessonPanel</name>
    <message>
        <source>&amp;Next step</source>
        <translation>下一步(&amp;N)</translation>
    </message>
    <message>
        <source>The answer, then the next step</source>
        <translation>先揭晓答案，再到下一步</translation>
    </message>
    <message>
        <source>Step &amp;back</source>
        <translation>上一步(&amp;B)</translation>
    </message>
    <message>
        <source>The step before</source>
        <translation>前一步</translation>
    </message>
    <message>
        <source>Let me &amp;try</source>
        <translation>让我试试(&amp;T)</translation>
    </message>
    <message>
        <source>Leave the window to the class, and back</source>
        <translation>将窗口交给学生自由操作，再返回</translation>
    </message>
    <message>
        <source>&amp;Leave the lesson</source>
        <translation>退出课程(&amp;L)</translation>
    </message>
    <message>
        <source>The window as it was before</source>
        <translation>窗口恢复为之前的样子</translation>
    </message>
    <message>
        <source>L&amp;essons</source>
        <translation>课程(&amp;E)</translation>
    </message>
    <message>
        <source>Lessons, with how far you got</source>
        <translation>课程，以及您学到了哪里</translation>
    </message>
    <message>
        <source>%1  %2 (%3 of %4)</source>
        <translation>%1  %2（%3 / %4）</translation>
    </message>
    <message>
        <source>E&amp;xercises</source>
        <translation>练习(&amp;X)</translation>
    </message>
    <message>
        <source>Questions with answers that are checked</source>
        <translation>答案可检查的问题</translation>
    </message>
    <message>
        <source>&amp;Glossary</source>
        <translation>术语表(&amp;G)</translation>
    </message>
    <message>
        <source>Terms in English and Chinese</source>
        <translation>英文和中文术语</translation>
    </message>
    <message>
        <source>&amp;Open a lesson…</source>
        <translation>打开课程(&amp;O)…</translation>
    </message>
    <message>
        <source>A lesson file of your own</source>
        <translation>您自己的课程文件</translation>
    </message>
    <message>
        <source>Open a lesson</source>
        <translation>打开课程</translation>
    </message>
    <message>
        <source>Lessons (*.json)</source>
        <translation>课程 (*.json)</translation>
    </message>
    <message>
        <source>Le&amp;sson</source>
        <translation>课程(&amp;S)</translation>
    </message>
    <message>
        <source>Lessons step by step</source>
        <translation>逐步学习课程</translation>
    </message>
    <message>
        <source>Reveal</source>
        <translation>揭晓</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Choose a lesson. PageDown and PageUp go through its steps.</source>
        <translation>选择一个课程。按 PageDown 和 PageUp 逐步前进和后退。</translation>
    </message>
    <message>
        <source>Leaves the window to you; the step comes back as it was</source>
        <translation>将窗口交给您自由操作；返回时该步恢复原样</translation>
    </message>
    <message>
        <source>The window as it was before the lesson</source>
        <translation>课程之前窗口的样子</translation>
    </message>
    <message>
        <source>Step %1 of %2</source>
        <translation>第 %1 步，共 %2 步</translation>
    </message>
    <message>
        <source> · %1 of %2 min</source>
        <translation> · %1 / %2 分钟</translation>
    </message>
    <message>
        <source>A slip is switched on: no file is written with it.</source>
        <translation>打开了失误：不会据此写入文件。</translation>
    </message>
    <message>
        <source>Back to the lesson</source>
        <translation>返回课程</translation>
    </message>
    <message>
        <source>Let me try</source>
        <translation>让我试试</translation>
    </message>
</context>
<context>
    <name>qs::ui::LessonPapers</name>
    <message>
        <source>&amp;Record step…</source>
        <translation>录制步骤(&amp;R)…</translation>
    </message>
    <message>
        <source>Add the present state to a lesson file</source>
        <translation>将当前状态加入课程文件</translation>
    </message>
    <message>
        <source>&amp;Hand-out…</source>
        <translation>讲义(&amp;H)…</translation>
    </message>
    <message>
        <source>The lesson on paper, with the formulas of the present preset</source>
        <translation>纸质版课程，含当前预设的公式</translation>
    </message>
    <message>
        <source>Hand-out with &amp;answers…</source>
        <translation>含答案的讲义(&amp;A)…</translation>
    </message>
    <message>
        <source>The lesson on paper for the lecturer, with what is measured</source>
        <translation>给教师的纸质版课程，含测得的结果</translation>
    </message>
    <message>
        <source>Sl&amp;ides…</source>
        <translation>幻灯片(&amp;I)…</translation>
    </message>
    <message>
        <source>All steps as pictures (PNG and SVG) and as one PDF, in a new folder</source>
        <translation>所有步骤的图片（PNG 和 SVG）及一个 PDF，放入新文件夹</translation>
    </message>
    <message>
        <source>Add the present state to a lesson, or begin one</source>
        <translation>将当前状态加入一个课程，或新建课程</translation>
    </message>
    <message>
        <source>Lessons (*.json)</source>
        <translation>课程 (*.json)</translation>
    </message>
    <message>
        <source>Step %1 is in %2. Its words are to be written there, with an editor.</source>
        <translation>第 %1 步已写入 %2。请用编辑器在其中写下文字。</translation>
    </message>
    <message>
        <source>Step %1 is in %2. Put %3 into the same folder: a lesson finds its model beside itself.</source>
        <translation>第 %1 步已写入 %2。请把 %3 放进同一文件夹：课程在自己旁边寻找模型。</translation>
    </message>
    <message>
        <source>Begin the lesson</source>
        <translation>开始课程</translation>
    </message>
    <message>
        <source>Edit it</source>
        <translation>编辑它</translation>
    </message>
    <message>
        <source>-answers</source>
        <translation>-答案</translation>
    </message>
    <message>
        <source>Save the hand-out</source>
        <translation>保存讲义</translation>
    </message>
    <message>
        <source>Paper (*.pdf *.html)</source>
        <translation>纸质文档 (*.pdf *.html)</translation>
    </message>
    <message>
        <source>Writing the hand-out …</source>
        <translation>正在写讲义 …</translation>
    </message>
    <message>
        <source>Folder that gets the folder of slides</source>
        <translation>存放幻灯片文件夹的位置</translation>
    </message>
    <message>
        <source>Drawing the slides …</source>
        <translation>正在绘制幻灯片 …</translation>
    </message>
    <message>
        <source>Saved %1.</source>
        <translation>已保存 %1。</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>打开它</translation>
    </message>
    <message>
        <source>Han&amp;d-outs in both languages</source>
        <translation>双语讲义(&amp;D)</translation>
    </message>
    <message>
        <source>English and Chinese beside each other on paper</source>
        <translation>中英文对照打印</translation>
    </message>
</context>
<context>
    <name>qs::ui::LessonQuestionForm</name>
    <message>
        <source>Your guess</source>
        <translation>您的猜测</translation>
    </message>
    <message>
        <source>Choose a layer</source>
        <translation>选择一个层</translation>
    </message>
    <message>
        <source>That is right.</source>
        <translation>正确。</translation>
    </message>
    <message>
        <source>Not this time.</source>
        <translation>这次不对。</translation>
    </message>
</context>
<context>
    <name>qs::ui::LessonRun</name>
    <message>
        <source>Lesson, step %1</source>
        <translation>课程，第 %1 步</translation>
    </message>
    <message>
        <source>Numbers of the lesson</source>
        <translation>课程中的数值</translation>
    </message>
    <message>
        <source>The step before</source>
        <translation>前一步</translation>
    </message>
    <message>
        <source>Leave the lesson</source>
        <translation>退出课程</translation>
    </message>
</context>
<context>
    <name>qs::ui::MainWindow</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Saved %1.</source>
        <translation>已保存 %1。</translation>
    </message>
    <message>
        <source>%1[*] – Quantoscope</source>
        <translation>%1[*] – Quantoscope</translation>
    </message>
    <message>
        <source>One model is open at a time, so drop one file. Of a model in several files drop the folder, or the index that names them.</source>
        <translation>一次只能打开一个模型，请只拖放一个文件。模型由多个文件组成时，请拖放其文件夹或列出这些文件的索引。</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>后退(&amp;B)</translation>
    </message>
    <message>
        <source>To the layer or channel before</source>
        <translation>转到之前的层或通道</translation>
    </message>
    <message>
        <source>Alt+Left</source>
        <translation>Alt+Left</translation>
    </message>
    <message>
        <source>For&amp;ward</source>
        <translation>前进(&amp;W)</translation>
    </message>
    <message>
        <source>To the layer or channel that was left</source>
        <translation>转到刚才离开的层或通道</translation>
    </message>
    <message>
        <source>Alt+Right</source>
        <translation>Alt+Right</translation>
    </message>
    <message>
        <source>Kept as a snapshot: %1</source>
        <translation>已保存为快照：%1</translation>
    </message>
    <message>
        <source>%1 (key %2)</source>
        <translation>%1（按键 %2）</translation>
    </message>
</context>
<context>
    <name>qs::ui::MessageBar</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close the message</source>
        <translation>关闭消息</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>qs::ui::ModelFiles</name>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>Open a model file; dropping one does the same</source>
        <translation>打开一个模型文件；拖放文件也可以</translation>
    </message>
    <message>
        <source>Open &amp;folder…</source>
        <translation>打开文件夹(&amp;F)…</translation>
    </message>
    <message>
        <source>Open the folder of a model</source>
        <translation>打开模型所在的文件夹</translation>
    </message>
    <message>
        <source>Ctrl+Shift+O</source>
        <translation>Ctrl+Shift+O</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近打开(&amp;R)</translation>
    </message>
    <message>
        <source>Models that were open lately</source>
        <translation>最近打开过的模型</translation>
    </message>
    <message>
        <source>&amp;Digits: a trained network for handwritten digits</source>
        <translation>Digits：训练好的手写数字识别网络(&amp;D)</translation>
    </message>
    <message>
        <source>A small network that reads handwritten digits</source>
        <translation>识别手写数字的小网络</translation>
    </message>
    <message>
        <source>&amp;Notebook: the network of the lecture</source>
        <translation>Notebook：课程中的网络(&amp;N)</translation>
    </message>
    <message>
        <source>The five-layer network of the lecture on quantization, with random weights</source>
        <translation>量化课程中的五层网络，权重为随机值</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>&amp;Lesson: a trained network with troubles</source>
        <translation>Lesson：训练好的网络，含有人为的难点(&amp;L)</translation>
    </message>
    <message>
        <source>Reads digits, too; outliers, loud rows and a one-sided layer were put in on purpose</source>
        <translation>同样识别数字；有意加入了离群值、幅度大的行和一个单侧的层</translation>
    </message>
</context>
<context>
    <name>qs::ui::NetworkPage</name>
    <message>
        <source>Netw&amp;ork</source>
        <translation>网络(&amp;O)</translation>
    </message>
    <message>
        <source>The layers as a graph, coloured by error</source>
        <translation>以图显示各层，颜色表示误差</translation>
    </message>
    <message>
        <source>Error of each layer</source>
        <translation>每层的误差</translation>
    </message>
    <message>
        <source>Error up to here</source>
        <translation>累积误差</translation>
    </message>
    <message>
        <source>Weight error</source>
        <translation>权重误差</translation>
    </message>
    <message>
        <source>Which error colours the layers</source>
        <translation>用哪种误差给各层着色</translation>
    </message>
    <message>
        <source>Colours show</source>
        <translation>颜色表示</translation>
    </message>
    <message>
        <source>No model is open.</source>
        <translation>没有打开的模型。</translation>
    </message>
    <message>
        <source>The network is being drawn …</source>
        <translation>正在绘制网络 …</translation>
    </message>
    <message>
        <source>Drawing the network …</source>
        <translation>正在绘制网络 …</translation>
    </message>
    <message>
        <source>There is no network to draw: %1</source>
        <translation>没有可绘制的网络：%1</translation>
    </message>
</context>
<context>
    <name>qs::ui::NetworkPlot</name>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>No model is open.</source>
        <translation>没有打开的模型。</translation>
    </message>
    <message>
        <source>weight error</source>
        <translation>权重误差</translation>
    </message>
    <message>
        <source>error up to here</source>
        <translation>累积误差</translation>
    </message>
    <message>
        <source>output error alone</source>
        <translation>单层输出误差</translation>
    </message>
    <message>
        <source>error of the layer&apos;s output</source>
        <translation>该层输出的误差</translation>
    </message>
    <message>
        <source>groups of layers: %1, nodes: %2</source>
        <translation>层组：%1，节点：%2</translation>
    </message>
    <message>
        <source>layers: %1, joins: %2, nodes: %3</source>
        <translation>层：%1，汇合点：%2，节点：%3</translation>
    </message>
    <message>
        <source>input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>group of %1</source>
        <translation>一组 %1 个</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Shape in</source>
        <translation>输入形状</translation>
    </message>
    <message>
        <source>Shape out</source>
        <translation>输出形状</translation>
    </message>
    <message>
        <source>from the input to the output</source>
        <translation>从输入到输出</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>worst of %1 layers: %2</source>
        <translation>%1 个层中最差的：%2</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
</context>
<context>
    <name>qs::ui::Notifications</name>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Open another…</source>
        <translation>打开其他文件…</translation>
    </message>
    <message>
        <source>%1
Readable formats: %2</source>
        <translation>%1
可读取的格式：%2</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1，还有 %2 个</translation>
    </message>
    <message>
        <source>This file would run code in an ordinary loader: %1. Quantoscope runs nothing.</source>
        <translation>普通的加载器会运行这个文件中的代码：%1。Quantoscope 不运行任何代码。</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 of %2 layers cannot be quantized and stay as they are.</source>
        <translation>%2 个层中有 %1 个无法量化，保持原样。</translation>
    </message>
    <message>
        <source>One layer cannot be quantized and stays as it is. %1</source>
        <translation>有一个层无法量化，保持原样。%1</translation>
    </message>
    <message>
        <source>%1 (and %2 more remarks)</source>
        <translation>%1（还有 %2 条备注）</translation>
    </message>
    <message>
        <source>%1 of %2 layers are quantized in this file already; their scales are shown as they are stored.</source>
        <translation>这个文件的 %2 个层中有 %1 个已经量化；缩放因子按文件中存储的显示。</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>打开所在文件夹</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>打开它</translation>
    </message>
    <message>
        <source>Saved %1, %2.</source>
        <translation>已保存 %1，%2。</translation>
    </message>
    <message>
        <source>Written to %1, %2</source>
        <translation>已写入 %1，%2</translation>
    </message>
    <message>
        <source>The file was written from another state than the one that is open now. Export again to get the command for this one.</source>
        <translation>该文件写入时的状态与当前打开的不同。请再次导出，以得到当前状态的命令。</translation>
    </message>
    <message>
        <source>Choose one…</source>
        <translation>选择一个…</translation>
    </message>
    <message>
        <source>%1: %2 weights are too small for float32 and lost: they count as 0</source>
        <translation>%1：%2 个权重太小，float32 无法表示而丢失：按 0 计</translation>
    </message>
    <message>
        <source>The comparison with %1 is incomplete: %2 of the weights were compared; the table says why the rest was not.</source>
        <translation>与 %1 的对比不完整：已对比 %2 的权重；其余的原因见表。</translation>
    </message>
</context>
<context>
    <name>qs::ui::NumberLinePage</name>
    <message>
        <source>One weight through scale, rounding and back</source>
        <translation>一个权重除以缩放因子、舍入、再还原的过程</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>From the model</source>
        <translation>取自模型</translation>
    </message>
    <message>
        <source>One step back (←)</source>
        <translation>返回上一步（←）</translation>
    </message>
    <message>
        <source>The next step (→); Space plays all of them</source>
        <translation>下一步（→）；空格键播放全部</translation>
    </message>
    <message>
        <source>Value, scale and codes of the selected channel</source>
        <translation>使用所选通道的数值、缩放因子和码</translation>
    </message>
    <message numerus="yes">
        <source>%n bits</source>
        <translation>
            <numerusform>%n 比特</numerusform>
        </translation>
    </message>
    <message>
        <source>Symmetric</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>Asymmetric</source>
        <translation>非对称</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放因子</translation>
    </message>
    <message>
        <source>Codes</source>
        <translation>位宽</translation>
    </message>
    <message>
        <source>Symmetric or asymmetric</source>
        <translation>对称或非对称</translation>
    </message>
    <message>
        <source>Zero point</source>
        <translation>零点</translation>
    </message>
    <message>
        <source>An example: select a layer that is quantized to see one of its weights.</source>
        <translation>一个例子：选择一个已量化的层，即可查看它的一个权重。</translation>
    </message>
    <message>
        <source>The scale of this channel is 0: all its codes mean 0.</source>
        <translation>这个通道的缩放因子是 0：它的所有码都表示 0。</translation>
    </message>
    <message>
        <source>%1 [%2], a weight of channel %3, with the scale of its codes</source>
        <translation>%1 [%2]，通道 %3 的一个权重，以及其码的缩放因子</translation>
    </message>
    <message>
        <source>%1, channel %2: its largest weight. Click a bar of “Code grid” to follow another one.</source>
        <translation>%1，通道 %2：它的最大权重。单击“码网格”中的柱可跟踪另一个权重。</translation>
    </message>
    <message>
        <source>Numbers of your own</source>
        <translation>您自己输入的数值</translation>
    </message>
    <message>
        <source>Step %1 of %2</source>
        <translation>第 %1 步，共 %2 步</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>Num&amp;ber line</source>
        <translation>数轴(&amp;B)</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Cast, not round</source>
        <translation>取整截尾，而不是舍入</translation>
    </message>
    <message>
        <source>Zero point forgotten</source>
        <translation>忘记零点</translation>
    </message>
    <message>
        <source>What goes wrong in quantizers that were written by hand</source>
        <translation>手写的量化器中会出的错</translation>
    </message>
    <message>
        <source>Slip</source>
        <translation>失误</translation>
    </message>
</context>
<context>
    <name>qs::ui::NumberLineView</name>
    <message>
        <source>Number line</source>
        <translation>数轴</translation>
    </message>
    <message>
        <source>Step %1 of %2. %3</source>
        <translation>第 %1 步，共 %2 步。%3</translation>
    </message>
    <message>
        <source>(x − offset) / s,  s = %1</source>
        <translation>(x − 偏移) / s，s = %1</translation>
    </message>
    <message>
        <source>x / s + z,  s = %1,  z = %2</source>
        <translation>x / s + z，s = %1，z = %2</translation>
    </message>
    <message>
        <source>x / s,  s = %1</source>
        <translation>x / s，s = %1</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>x</source>
        <translation>x</translation>
    </message>
    <message>
        <source>Divide, add zero point</source>
        <translation>相除后加零点</translation>
    </message>
    <message>
        <source>Divide by scale</source>
        <translation>除以缩放因子</translation>
    </message>
    <message>
        <source>Round</source>
        <translation>舍入</translation>
    </message>
    <message>
        <source>to a whole number</source>
        <translation>为整数</translation>
    </message>
    <message>
        <source>Clamp</source>
        <translation>限幅</translation>
    </message>
    <message>
        <source>to %1</source>
        <translation>到 %1</translation>
    </message>
    <message>
        <source>Back to real</source>
        <translation>还原为实数</translation>
    </message>
    <message>
        <source>(q − z) · s</source>
        <translation>(q − z) · s</translation>
    </message>
    <message>
        <source>q · s</source>
        <translation>q · s</translation>
    </message>
    <message>
        <source>One weight. Click or drag on a line, or press ↑ and ↓, to try another value.</source>
        <translation>一个权重。在任一条线上单击或拖动，或按 ↑ 和 ↓，可尝试其他数值。</translation>
    </message>
    <message>
        <source>Dividing by the step size turns steps into whole numbers. This is one: %1.</source>
        <translation>除以步长后，每一步变成一个整数。这里正好是整数：%1。</translation>
    </message>
    <message>
        <source>Dividing by the step size turns steps into whole numbers. %1 lies between %2 and %3.</source>
        <translation>除以步长后，每一步变成一个整数。%1 位于 %2 和 %3 之间。</translation>
    </message>
    <message>
        <source>It is a whole number already, so nothing is lost.</source>
        <translation>它已经是整数，没有任何损失。</translation>
    </message>
    <message>
        <source>Only whole numbers are kept. The %1 that is dropped can never be recovered.</source>
        <translation>只保留整数。舍去的 %1 再也无法恢复。</translation>
    </message>
    <message>
        <source>%1 is beyond the codes, so it becomes the outermost one, %2.</source>
        <translation>%1 超出了码域，因此变成最外侧的码 %2。</translation>
    </message>
    <message>
        <source>%1 is one of the codes, so nothing changes here.</source>
        <translation>%1 本来就是一个码，这一步没有变化。</translation>
    </message>
    <message>
        <source>The weight was clipped: such an error has no bound.</source>
        <translation>这个权重被截断了：这种误差没有上限。</translation>
    </message>
    <message>
        <source>Inside the range the error is at most s / 2 = %1.</source>
        <translation>在范围之内，误差最多为 s / 2 = %1。</translation>
    </message>
    <message>
        <source>%1  %2</source>
        <translation>%1  %2</translation>
    </message>
    <message>
        <source>no error</source>
        <translation>没有误差</translation>
    </message>
    <message>
        <source>error %1</source>
        <translation>误差 %1</translation>
    </message>
    <message>
        <source>Divide, add z</source>
        <translation>相除，加 z</translation>
    </message>
    <message>
        <source>x / s + z,  z = %1</source>
        <translation>x / s + z，z = %1</translation>
    </message>
</context>
<context>
    <name>qs::ui::OverrideField</name>
    <message>
        <source>Selected layer: %1</source>
        <translation>所选层：%1</translation>
    </message>
    <message>
        <source>Clear the override: %1</source>
        <translation>清除单独设置：%1</translation>
    </message>
</context>
<context>
    <name>qs::ui::OverviewPage</name>
    <message>
        <source>Scales and output errors of all layers</source>
        <translation>所有层的缩放因子和输出误差</translation>
    </message>
    <message>
        <source>O&amp;verview</source>
        <translation>总览(&amp;V)</translation>
    </message>
</context>
<context>
    <name>qs::ui::Panes</name>
    <message>
        <source>Ne&amp;xt pane</source>
        <translation>下一个窗格(&amp;X)</translation>
    </message>
    <message>
        <source>Focus to the next pane</source>
        <translation>焦点移到下一个窗格</translation>
    </message>
    <message>
        <source>&amp;Previous pane</source>
        <translation>上一个窗格(&amp;P)</translation>
    </message>
    <message>
        <source>Focus to the pane before</source>
        <translation>焦点移到上一个窗格</translation>
    </message>
</context>
<context>
    <name>qs::ui::PercentField</name>
    <message>
        <source>&#x202f;%</source>
        <translation> %</translation>
    </message>
</context>
<context>
    <name>qs::ui::PlotHeader</name>
    <message>
        <source>Show everything</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Logarithmic axis</source>
        <translation>对数轴</translation>
    </message>
    <message>
        <source>Series, table, copy and export</source>
        <translation>系列、表格、复制和导出</translation>
    </message>
    <message>
        <source>Show as table</source>
        <translation>以表格显示</translation>
    </message>
    <message>
        <source>Copy image</source>
        <translation>复制图像</translation>
    </message>
    <message>
        <source>Save as PNG, normal size…</source>
        <translation>另存为 PNG，正常大小…</translation>
    </message>
    <message>
        <source>Save as PNG, 2×…</source>
        <translation>另存为 PNG，2 倍大小…</translation>
    </message>
    <message>
        <source>Save as PNG, 3×…</source>
        <translation>另存为 PNG，3 倍大小…</translation>
    </message>
    <message>
        <source>Save as SVG…</source>
        <translation>另存为 SVG…</translation>
    </message>
    <message>
        <source>Save as PDF…</source>
        <translation>另存为 PDF…</translation>
    </message>
    <message>
        <source>Save data as CSV…</source>
        <translation>将数据另存为 CSV…</translation>
    </message>
    <message>
        <source>Show: %1</source>
        <translation>显示：%1</translation>
    </message>
</context>
<context>
    <name>qs::ui::PlotPanel</name>
    <message>
        <source>“%1” cannot be written: %2</source>
        <translation>无法写入“%1”：%2</translation>
    </message>
    <message>
        <source>“%1” cannot be written: the name must end in .png, .svg, .pdf or .csv</source>
        <translation>无法写入“%1”：名称必须以 .png、.svg、.pdf 或 .csv 结尾</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1。%2</translation>
    </message>
    <message>
        <source>Save the data of the figure</source>
        <translation>保存图中的数据</translation>
    </message>
    <message>
        <source>Save the figure</source>
        <translation>保存图像</translation>
    </message>
    <message>
        <source>%1 files (*.%2)</source>
        <translation>%1 文件 (*.%2)</translation>
    </message>
</context>
<context>
    <name>qs::ui::Presentation</name>
    <message>
        <source>Prese&amp;ntation</source>
        <translation>演示模式(&amp;N)</translation>
    </message>
    <message>
        <source>Whole screen, larger text; 2 to 8 set the bits</source>
        <translation>全屏，放大文字；2 到 8 设置位宽</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <source>Larger text while presenting</source>
        <translation>演示时放大文字</translation>
    </message>
    <message>
        <source>Ctrl++</source>
        <translation>Ctrl++</translation>
    </message>
    <message>
        <source>Ctrl+=</source>
        <translation>Ctrl+=</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>缩小文字</translation>
    </message>
    <message>
        <source>Smaller text while presenting</source>
        <translation>演示时缩小文字</translation>
    </message>
    <message>
        <source>Ctrl+-</source>
        <translation>Ctrl+-</translation>
    </message>
    <message>
        <source>Usual text</source>
        <translation>默认文字大小</translation>
    </message>
    <message>
        <source>Ctrl+0</source>
        <translation>Ctrl+0</translation>
    </message>
    <message>
        <source>Pause results</source>
        <translation>冻结结果</translation>
    </message>
    <message>
        <source>Numbers stay until you press it again</source>
        <translation>数值保持不变，直到再次按下</translation>
    </message>
    <message>
        <source>Black screen</source>
        <translation>黑屏</translation>
    </message>
    <message>
        <source>Hides the window from the class</source>
        <translation>对学生隐藏窗口</translation>
    </message>
    <message>
        <source>Paused – P goes on</source>
        <translation>已暂停 – 按 P 继续</translation>
    </message>
    <message>
        <source>Ctrl+Shift+F</source>
        <translation>Ctrl+Shift+F</translation>
    </message>
    <message>
        <source>Text that the last row can read</source>
        <translation>最后一排也能看清的文字</translation>
    </message>
</context>
<context>
    <name>qs::ui::RatioPlot</name>
    <message>
        <source>Error of B / error of A</source>
        <translation>B 的误差 / A 的误差</translation>
    </message>
    <message>
        <source>No layer has an error in both.</source>
        <translation>没有在两边都有误差的层。</translation>
    </message>
    <message numerus="yes">
        <source>%n layers, %1 of them worse in B</source>
        <translation>
            <numerusform>%n 个层，其中 %1 个在 B 中更差</numerusform>
        </translation>
    </message>
    <message>
        <source>B is worse</source>
        <translation>B 更差</translation>
    </message>
    <message>
        <source>A is worse</source>
        <translation>A 更差</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>B / A</source>
        <translation>B / A</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>%1: the error of B is %2 that of A</source>
        <translation>%1：B 的误差是 A 的 %2</translation>
    </message>
    <message>
        <source>%1: no error in both</source>
        <translation>%1：两边都没有误差</translation>
    </message>
</context>
<context>
    <name>qs::ui::RecipeFiles</name>
    <message>
        <source>Open re&amp;cipe…</source>
        <translation>打开配方(&amp;C)…</translation>
    </message>
    <message>
        <source>Use the recipe of a file for the open model</source>
        <translation>对当前模型使用文件中的配方</translation>
    </message>
    <message>
        <source>&amp;Save recipe</source>
        <translation>保存配方(&amp;S)</translation>
    </message>
    <message>
        <source>Save the recipe: scheme, excluded layers, overrides</source>
        <translation>保存配方：方案、排除的层、单独设置</translation>
    </message>
    <message>
        <source>Save recipe &amp;as…</source>
        <translation>配方另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>Save the recipe to another file</source>
        <translation>将配方保存到另一个文件</translation>
    </message>
    <message>
        <source>Ctrl+Shift+S</source>
        <translation>Ctrl+Shift+S</translation>
    </message>
    <message>
        <source>Open a recipe</source>
        <translation>打开配方</translation>
    </message>
    <message>
        <source>Recipes (*.json);;All files (*)</source>
        <translation>配方 (*.json);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Save the recipe</source>
        <translation>保存配方</translation>
    </message>
    <message>
        <source>Recipes (*.json)</source>
        <translation>配方 (*.json)</translation>
    </message>
    <message>
        <source>Saved %1.</source>
        <translation>已保存 %1。</translation>
    </message>
</context>
<context>
    <name>qs::ui::ReportFiles</name>
    <message>
        <source>Report as &amp;HTML…</source>
        <translation>HTML 报告(&amp;H)…</translation>
    </message>
    <message>
        <source>Save figures, table and recipe, and B beside them, as one HTML file</source>
        <translation>将图、表格和配方（以及旁边的 B）保存为一个 HTML 文件</translation>
    </message>
    <message>
        <source>Save a report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>HTML (*.html)</source>
        <translation>HTML (*.html)</translation>
    </message>
    <message>
        <source>Writing the report …</source>
        <translation>正在写入报告 …</translation>
    </message>
    <message>
        <source>Saved %1.</source>
        <translation>已保存 %1。</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>打开它</translation>
    </message>
    <message>
        <source>&amp;Node data for Model Explorer…</source>
        <translation>Model Explorer 节点数据(&amp;N)…</translation>
    </message>
    <message>
        <source>Save the errors of layers so that Google&apos;s Model Explorer colours its graph by them</source>
        <translation>保存各层的误差，供 Google 的 Model Explorer 据此为计算图着色</translation>
    </message>
    <message>
        <source>Save node data</source>
        <translation>保存节点数据</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Writing node data …</source>
        <translation>正在写入节点数据 …</translation>
    </message>
    <message>
        <source>The report is written as soon as the results of B are there.</source>
        <translation>B 的结果一出来就写出报告。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>qs::ui::RoundingHistogram</name>
    <message>
        <source>Rounding error</source>
        <translation>舍入误差</translation>
    </message>
    <message>
        <source>Select a layer to see its rounding errors.</source>
        <translation>选择一个层，查看其舍入误差。</translation>
    </message>
    <message>
        <source>Nothing is rounded here.</source>
        <translation>这里没有舍入。</translation>
    </message>
    <message>
        <source>rounding errors of %1 weights in steps; rounding alone stays within half a step; %2 clipped</source>
        <translation>%1 个权重的舍入误差，以步长为单位；仅舍入时不超过半个步长；截断 %2</translation>
    </message>
    <message>
        <source>From, steps</source>
        <translation>从（步长）</translation>
    </message>
    <message>
        <source>To, steps</source>
        <translation>到（步长）</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>个数</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>比例</translation>
    </message>
    <message>
        <source>(x − q·s) / s, in steps</source>
        <translation>(x − q·s) / s（步长）</translation>
    </message>
    <message>
        <source>share of weights</source>
        <translation>权重的比例</translation>
    </message>
    <message>
        <source>%1 steps: %2 of the weights</source>
        <translation>%1 个步长：%2 的权重</translation>
    </message>
    <message>
        <source>more than half a step: these weights are clipped</source>
        <translation>超过半个步长：这些权重被截断</translation>
    </message>
    <message>
        <source>%1 lie further out</source>
        <translation>%1 位于更外侧</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
</context>
<context>
    <name>qs::ui::RuleList</name>
    <message>
        <source>Rules of the recipe, in order</source>
        <translation>配方中的规则，按顺序</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>Match</source>
        <translation>匹配</translation>
    </message>
    <message>
        <source>Does</source>
        <translation>作用</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Decides</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>exclude</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>quantize</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>%1 bits</source>
        <translation>%1 比特</translation>
    </message>
    <message>
        <source>axis %1</source>
        <translation>轴 %1</translation>
    </message>
    <message>
        <source>role %1</source>
        <translation>角色 %1</translation>
    </message>
    <message>
        <source>matches nothing</source>
        <translation>没有匹配到任何层</translation>
    </message>
    <message>
        <source>matches nothing; near names: %1</source>
        <translation>没有匹配到任何层；相近的名称：%1</translation>
    </message>
    <message>
        <source>shadowed: later rules decide all of its layers</source>
        <translation>被遮盖：它的所有层都由后面的规则决定</translation>
    </message>
</context>
<context>
    <name>qs::ui::RulesDialog</name>
    <message>
        <source>Rules for another tool</source>
        <translation>用于其他工具的规则</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Making the rules …</source>
        <translation>正在生成规则 …</translation>
    </message>
</context>
<context>
    <name>qs::ui::RulesPage</name>
    <message>
        <source>R&amp;ules</source>
        <translation>规则(&amp;U)</translation>
    </message>
    <message>
        <source>Rules of the recipe, and which layers they decide</source>
        <translation>配方中的规则，以及它们决定哪些层</translation>
    </message>
    <message>
        <source>Add rule</source>
        <translation>添加规则</translation>
    </message>
    <message>
        <source>Layers that the rule matches</source>
        <translation>规则匹配的层</translation>
    </message>
    <message>
        <source>Select a rule to see which layers it matches.</source>
        <translation>选择一条规则，查看它匹配哪些层。</translation>
    </message>
    <message>
        <source>New rule: fc*  *.attn.*  re:.*mlp.*  or a condition: err&gt;1%  out&gt;=1024  op:conv</source>
        <translation>新规则：fc*  *.attn.*  re:.*mlp.*  或条件：err&gt;1%  out&gt;=1024  op:conv</translation>
    </message>
    <message>
        <source>Layers of the new rule</source>
        <translation>新规则适用的层</translation>
    </message>
    <message>
        <source>What the new rule does</source>
        <translation>新规则的作用</translation>
    </message>
    <message>
        <source>exclude</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>quantize</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>%1 bits</source>
        <translation>%1 比特</translation>
    </message>
    <message>
        <source>symmetric</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>asymmetric</source>
        <translation>非对称</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove the selected rule (Delete); Alt+Up and Alt+Down, or dragging, move it</source>
        <translation>移除所选的规则（Delete）；Alt+Up 和 Alt+Down，或拖动，可移动它</translation>
    </message>
    <message>
        <source>Remove the selected rule</source>
        <translation>移除所选的规则</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Rules that are often wanted</source>
        <translation>常用的规则</translation>
    </message>
    <message>
        <source>Rules are applied from top to bottom; the last one that says something wins.</source>
        <translation>规则从上到下应用；最后一条有所规定的规则生效。</translation>
    </message>
    <message>
        <source>No layer matches.</source>
        <translation>没有符合条件的层。</translation>
    </message>
    <message>
        <source>No layer matches. Near names: %1</source>
        <translation>没有符合条件的层。相近的名称：%1</translation>
    </message>
    <message>
        <source>%1 of %2 layers: %3</source>
        <translation>%2 个层中的 %1 个：%3</translation>
    </message>
    <message>
        <source>%1. Recipes know names only: each of these layers gets a rule of its own.</source>
        <translation>%1。配方只认名称：这些层各得到一条自己的规则。</translation>
    </message>
    <message>
        <source>Add the rule %1</source>
        <translation>添加规则 %1</translation>
    </message>
    <message>
        <source>Move rule %1 to place %2</source>
        <translation>将规则 %1 移到位置 %2</translation>
    </message>
    <message>
        <source>Remove rule %1</source>
        <translation>移除规则 %1</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Decided by this rule</source>
        <translation>由这条规则决定</translation>
    </message>
    <message>
        <source>All rules that match it</source>
        <translation>匹配它的所有规则</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no: a later rule does</source>
        <translation>否：由后面的规则决定</translation>
    </message>
    <message>
        <source>%1: rules %2</source>
        <translation>%1：规则 %2</translation>
    </message>
    <message>
        <source>%1: no rule, so the scheme decides</source>
        <translation>%1：没有规则，由方案决定</translation>
    </message>
    <message>
        <source>%1: decided by rule %2</source>
        <translation>%1：由规则 %2 决定</translation>
    </message>
    <message>
        <source>%1: decided by rule %2; rule %3 matches, too, and was outvoted</source>
        <translation>%1：由规则 %2 决定；规则 %3 也匹配，但未生效</translation>
    </message>
</context>
<context>
    <name>qs::ui::ScalePlot</name>
    <message>
        <source>Scale per channel</source>
        <translation>逐通道缩放因子</translation>
    </message>
    <message>
        <source>step size; several groups: median, smallest … largest</source>
        <translation>量化步长；有多个组时：中位数，最小 … 最大</translation>
    </message>
    <message>
        <source>step size</source>
        <translation>量化步长</translation>
    </message>
    <message>
        <source>Open a model to see the scale of every channel.</source>
        <translation>打开一个模型，查看每个通道的缩放因子。</translation>
    </message>
    <message>
        <source>This file has no weights that can be quantized.</source>
        <translation>这个文件中没有可量化的权重。</translation>
    </message>
    <message>
        <source>%1 layers, %2 channels, %3 excluded</source>
        <translation>%1 个层，%2 个通道，排除 %3 个</translation>
    </message>
    <message>
        <source>%1, scales from %2 to %3</source>
        <translation>%1，缩放因子从 %2 到 %3</translation>
    </message>
    <message>
        <source>per channel</source>
        <translation>逐通道</translation>
    </message>
    <message>
        <source>whole layer</source>
        <translation>整层</translation>
    </message>
    <message>
        <source>excluded</source>
        <translation>已排除</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>已量化</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放因子</translation>
    </message>
    <message>
        <source>Zero point</source>
        <translation>零点</translation>
    </message>
    <message>
        <source>Smallest weight</source>
        <translation>最小权重</translation>
    </message>
    <message>
        <source>Largest weight</source>
        <translation>最大权重</translation>
    </message>
    <message>
        <source>Scale of the whole layer</source>
        <translation>整层的缩放因子</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>output channels, layer by layer</source>
        <translation>输出通道，逐层排列</translation>
    </message>
    <message>
        <source>scale (step size)</source>
        <translation>缩放因子（步长）</translation>
    </message>
    <message>
        <source>%1 ch</source>
        <translation>%1 通道</translation>
    </message>
    <message>
        <source>%1 · channel %2</source>
        <translation>%1 · 通道 %2</translation>
    </message>
    <message>
        <source>%1 scales: %2 … %3, median %4</source>
        <translation>%1 个缩放因子：%2 … %3，中位数 %4</translation>
    </message>
    <message>
        <source>scale %1   zero point %2</source>
        <translation>缩放因子 %1   零点 %2</translation>
    </message>
    <message>
        <source>scale %1   offset %2</source>
        <translation>缩放因子 %1   偏移 %2</translation>
    </message>
    <message>
        <source>range %1</source>
        <translation>范围 %1</translation>
    </message>
    <message>
        <source>one scale for the whole layer</source>
        <translation>整层共用一个缩放因子</translation>
    </message>
    <message>
        <source>kept in float; this is what it would be</source>
        <translation>保持浮点；这是假如量化时的值</translation>
    </message>
    <message>
        <source>dead: all its weights are 0, and any scale would do</source>
        <translation>死通道：所有权重都是 0，任何缩放因子都可以</translation>
    </message>
    <message>
        <source>%1   %2   %3</source>
        <translation>%1   %2   %3</translation>
    </message>
    <message>
        <source>%1: not computed yet</source>
        <translation>%1：尚未计算</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>scales %1</source>
        <translation>缩放因子 %1</translation>
    </message>
    <message>
        <source>one for the whole layer: %1</source>
        <translation>整层共用一个：%1</translation>
    </message>
    <message numerus="yes">
        <source>%1 channels</source>
        <translation>
            <numerusform>%1 个通道</numerusform>
        </translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>B: scale %1</source>
        <translation>B：缩放因子 %1</translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>缩放因子</translation>
    </message>
    <message>
        <source>Zero points</source>
        <translation>零点</translation>
    </message>
    <message>
        <source>Zero point per channel</source>
        <translation>逐通道零点</translation>
    </message>
    <message>
        <source>the code that means 0; several groups: median, smallest … largest</source>
        <translation>表示 0 的量化码；多个组时：中位数，最小 … 最大</translation>
    </message>
    <message>
        <source>the code that means 0, among all codes</source>
        <translation>表示 0 的量化码在所有码中的位置</translation>
    </message>
    <message>
        <source>The codes are symmetric: each of them has the zero point 0.</source>
        <translation>量化码是对称的：零点都是 0。</translation>
    </message>
    <message>
        <source>zero point (code)</source>
        <translation>零点（码）</translation>
    </message>
    <message>
        <source>zero points of %1 groups: %2</source>
        <translation>%1 个组的零点：%2</translation>
    </message>
    <message>
        <source>B: zero point %1</source>
        <translation>B：零点 %1</translation>
    </message>
    <message>
        <source>B holds its weights as floats, so it has no scales.</source>
        <translation>B 的权重是浮点数，因此没有缩放因子。</translation>
    </message>
    <message>
        <source>No layer has scales: their weights stay floats.</source>
        <translation>没有带缩放因子的层：它们的权重保持为浮点数。</translation>
    </message>
    <message>
        <source>before</source>
        <translation>之前</translation>
    </message>
</context>
<context>
    <name>qs::ui::SchemeBar</name>
    <message>
        <source>Scheme: preset</source>
        <translation>方案：预设</translation>
    </message>
    <message>
        <source>Scheme: %1</source>
        <translation>方案：%1</translation>
    </message>
    <message>
        <source>Scheme: share of the weights in the range</source>
        <translation>方案：范围所含权重的比例</translation>
    </message>
    <message>
        <source>How many of the weights the codes reach; the outermost others are clipped</source>
        <translation>码覆盖多少权重；最外侧的其余权重被截断</translation>
    </message>
    <message>
        <source>Share of weights</source>
        <translation>权重的比例</translation>
    </message>
    <message>
        <source>“%1”</source>
        <translation>“%1”</translation>
    </message>
    <message>
        <source>Not %1: %2</source>
        <translation>不能选 %1：%2</translation>
    </message>
    <message>
        <source>In %1 of %2 layers this range clips nothing. One of them: %3</source>
        <translation>在 %2 个层中的 %1 个上，这个范围不截断任何权重。其中之一：%3</translation>
    </message>
    <message>
        <source>%1
%2</source>
        <translation>%1
%2</translation>
    </message>
    <message>
        <source>The preset that sets all fields</source>
        <translation>设置所有字段的预设</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>More of the scheme</source>
        <translation>方案的更多设置</translation>
    </message>
    <message>
        <source>as</source>
        <comment>convention</comment>
        <translation>按</translation>
    </message>
    <message>
        <source>%1, more</source>
        <translation>%1，更多</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>所有层</translation>
    </message>
</context>
<context>
    <name>qs::ui::Screening</name>
    <message>
        <source>Looking for what makes layers hard …</source>
        <translation>正在查找层难以量化的原因 …</translation>
    </message>
</context>
<context>
    <name>qs::ui::Setup</name>
    <message>
        <source>unticked</source>
        <translation>已取消勾选</translation>
    </message>
    <message>
        <source>%1 (and %2 more rules match nothing)</source>
        <translation>%1（还有 %2 条规则没有匹配到任何层）</translation>
    </message>
    <message>
        <source>Reading …</source>
        <translation>正在读取 …</translation>
    </message>
    <message>
        <source>Apply the recipe %1</source>
        <translation>应用配方 %1</translation>
    </message>
</context>
<context>
    <name>qs::ui::SideB</name>
    <message>
        <source>Compare with %1</source>
        <translation>与 %1 对比</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>Comparing …</source>
        <translation>正在对比 …</translation>
    </message>
    <message>
        <source>%1 cannot be compared: %2</source>
        <translation>无法与 %1 对比：%2</translation>
    </message>
    <message>
        <source>Copy A to B</source>
        <translation>将 A 复制到 B</translation>
    </message>
    <message>
        <source>copy of A</source>
        <translation>A 的副本</translation>
    </message>
    <message>
        <source>A before the swap</source>
        <translation>交换前的 A</translation>
    </message>
    <message>
        <source>Swap A and B</source>
        <translation>交换 A 和 B</translation>
    </message>
    <message>
        <source>Counting weights …</source>
        <translation>正在统计权重 …</translation>
    </message>
    <message>
        <source>Running the network with B …</source>
        <translation>正在用 B 运行网络 …</translation>
    </message>
</context>
<context>
    <name>qs::ui::SkeletonRows</name>
    <message>
        <source>Opening the model …</source>
        <translation>正在打开模型 …</translation>
    </message>
</context>
<context>
    <name>qs::ui::Snapshots</name>
    <message>
        <source>&amp;Take a snapshot</source>
        <translation>拍摄快照(&amp;T)</translation>
    </message>
    <message>
        <source>Keep the present recipe with its figures, to compare with or to go back to</source>
        <translation>保存当前配方及其数值，以便对比或返回</translation>
    </message>
    <message>
        <source>S&amp;napshots</source>
        <translation>快照(&amp;N)</translation>
    </message>
    <message>
        <source>Recipes that were kept</source>
        <translation>保存过的配方</translation>
    </message>
    <message>
        <source>nothing is quantized</source>
        <translation>没有量化任何层</translation>
    </message>
    <message>
        <source>error %1</source>
        <translation>误差 %1</translation>
    </message>
    <message>
        <source>%1  %2: %3, %4</source>
        <translation>%1  %2：%3，%4</translation>
    </message>
    <message>
        <source>Restore the snapshot %1</source>
        <translation>恢复快照 %1</translation>
    </message>
    <message>
        <source>snapshot %1</source>
        <translation>快照 %1</translation>
    </message>
    <message>
        <source>&amp;Restore</source>
        <translation>恢复(&amp;R)</translation>
    </message>
    <message>
        <source>Show as &amp;B</source>
        <translation>显示为 B(&amp;B)</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>移除(&amp;M)</translation>
    </message>
</context>
<context>
    <name>qs::ui::StatusLine</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>No model is open</source>
        <translation>没有打开的模型</translation>
    </message>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 quantized in the new file, %2 kept</source>
        <translation>新文件中 %1已量化，%2 个保持原样</translation>
    </message>
    <message>
        <source>%1 quantized, %2 kept</source>
        <translation>%1已量化，%2 个保持原样</translation>
    </message>
    <message>
        <source>%1 quantized in the file</source>
        <translation>%1在文件中已量化</translation>
    </message>
    <message numerus="yes">
        <source>%1 parameters</source>
        <translation>
            <numerusform>%1 个参数</numerusform>
        </translation>
    </message>
    <message>
        <source>%1  %2 of %3</source>
        <translation>%1  %2 / %3</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Cancelled, %1 of %2 layers are up to date.</source>
        <translation>已取消，%2 个层中有 %1 个是最新的。</translation>
    </message>
    <message>
        <source>The analysis failed.</source>
        <translation>分析失败。</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Running the network: %1</source>
        <translation>正在运行网络：%1</translation>
    </message>
</context>
<context>
    <name>qs::ui::TableDialog</name>
    <message>
        <source>%1 — data</source>
        <translation>%1 — 数据</translation>
    </message>
    <message>
        <source>Copy as CSV</source>
        <translation>复制为 CSV</translation>
    </message>
</context>
<context>
    <name>qs::ui::TextList</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Whole text of the selected row</source>
        <translation>所选行的全文</translation>
    </message>
    <message>
        <source>Select a row to read all of it.</source>
        <translation>选择一行即可阅读全文。</translation>
    </message>
</context>
<context>
    <name>qs::ui::ThemeManager</name>
    <message>
        <source>Qt&apos;s plugin for SVG images is missing, so check marks and arrows are not drawn; Debian has it in the package qt6-svg-plugins</source>
        <translation>缺少 Qt 的 SVG 图像插件，因此不绘制勾选标记和箭头；Debian 的软件包 qt6-svg-plugins 含有它</translation>
    </message>
</context>
<context>
    <name>qs::ui::WeightHistogram</name>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Select a layer to see its weights.</source>
        <translation>选择一个层，查看其权重。</translation>
    </message>
    <message>
        <source>%1 weights from %2 to %3, the codes reach from %4 to %5, %6</source>
        <translation>%1 个权重，从 %2 到 %3；码覆盖 %4 到 %5；%6</translation>
    </message>
    <message>
        <source>%1 clipped</source>
        <translation>截断 %1</translation>
    </message>
    <message>
        <source>values of the codes</source>
        <translation>码所代表的数值</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>个数</translation>
    </message>
    <message>
        <source>weight value</source>
        <translation>权重值</translation>
    </message>
    <message>
        <source>count</source>
        <translation>个数</translation>
    </message>
    <message>
        <source>clips at %1</source>
        <translation>在 %1 处截断</translation>
    </message>
    <message numerus="yes">
        <source>%1: %2 weights</source>
        <translation>
            <numerusform>%1：%2 个权重</numerusform>
        </translation>
    </message>
    <message>
        <source>outside of what the codes reach, %1</source>
        <translation>超出码所覆盖的范围，%1</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
</context>
<context>
    <name>qs::ui::WeightMatrixPlot</name>
    <message>
        <source>Weights of the layer</source>
        <translation>层的权重</translation>
    </message>
    <message>
        <source>Select a layer to see its weights as a picture.</source>
        <translation>选择一个层，以图像查看其权重。</translation>
    </message>
    <message>
        <source>%1 channels of %2 weights, largest magnitude %3</source>
        <translation>%1 个通道，每个 %2 个权重，最大绝对值 %3</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Cell</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>weights of a channel</source>
        <translation>通道中的权重</translation>
    </message>
    <message>
        <source>channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>weight %1</source>
        <translation>权重 %1</translation>
    </message>
    <message>
        <source>%1 steps from zero</source>
        <translation>距零 %1 个步长</translation>
    </message>
    <message>
        <source>difference %1 steps</source>
        <translation>差值 %1 个步长</translation>
    </message>
    <message>
        <source>not clipped</source>
        <translation>未截断</translation>
    </message>
    <message>
        <source>clipped by %1 steps</source>
        <translation>截断了 %1 个步长</translation>
    </message>
    <message>
        <source>channel %1, weight %2</source>
        <translation>通道 %1，权重 %2</translation>
    </message>
    <message>
        <source>largest of these: %1</source>
        <translation>其中最大的：%1</translation>
    </message>
</context>
<context>
    <name>qs::ui::WeightsPage</name>
    <message>
        <source>&amp;Weights</source>
        <translation>权重(&amp;W)</translation>
    </message>
    <message>
        <source>Weights, codes and errors of a layer as a picture</source>
        <translation>以图像显示一个层的权重、量化码和误差</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>量化码</translation>
    </message>
    <message>
        <source>Difference, in steps</source>
        <translation>差值（步长）</translation>
    </message>
    <message>
        <source>Clipped only</source>
        <translation>仅截断</translation>
    </message>
    <message>
        <source>99 % of the cells</source>
        <translation>99 % 的单元</translation>
    </message>
    <message>
        <source>All cells</source>
        <translation>所有单元</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Select a layer to see its weights as a picture.</source>
        <translation>选择一个层，以图像查看其权重。</translation>
    </message>
    <message>
        <source>The scales of this layer are being computed …</source>
        <translation>正在计算该层的缩放因子 …</translation>
    </message>
    <message>
        <source>This layer is kept as it is: %1</source>
        <translation>该层保持原样：%1</translation>
    </message>
    <message>
        <source>Reading weights …</source>
        <translation>正在读取权重 …</translation>
    </message>
    <message>
        <source>Reading a weight …</source>
        <translation>正在读取一个权重 …</translation>
    </message>
    <message>
        <source>%1 = %2, code %3, back %4, error %5</source>
        <translation>%1 = %2，码 %3，还原 %4，误差 %5</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
</context>
<context>
    <name>qs::ui::WelcomePage</name>
    <message>
        <source>See what quantization does to a neural network.</source>
        <translation>看看量化对神经网络做了什么。</translation>
    </message>
    <message>
        <source>A small network that reads handwritten digits</source>
        <translation>识别手写数字的小网络</translation>
    </message>
    <message>
        <source>Notebook demo</source>
        <translation>Notebook 演示模型</translation>
    </message>
    <message>
        <source>The five-layer network of the lecture on quantization, with random weights</source>
        <translation>量化课程中的五层网络，权重为随机值</translation>
    </message>
    <message>
        <source>Open model…</source>
        <translation>打开模型…</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>A folder that holds one model, in one file or in several</source>
        <translation>存放一个模型的文件夹，模型可以是一个或多个文件</translation>
    </message>
    <message>
        <source>Or drop a model file or its folder anywhere into this window.</source>
        <translation>也可以把模型文件或其文件夹拖放到窗口中的任意位置。</translation>
    </message>
    <message>
        <source>Readable: %1</source>
        <translation>可读取：%1</translation>
    </message>
    <message>
        <source>Recent files</source>
        <translation>最近的文件</translation>
    </message>
    <message>
        <source>%1 is missing</source>
        <translation>%1 不存在</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>打开 %1</translation>
    </message>
    <message>
        <source>missing: %1</source>
        <translation>不存在：%1</translation>
    </message>
    <message>
        <source>Remove from this list</source>
        <translation>从列表中移除</translation>
    </message>
    <message>
        <source>Remove %1 from this list</source>
        <translation>从列表中移除 %1</translation>
    </message>
    <message>
        <source>Digits</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>Lesson</source>
        <translation>课程</translation>
    </message>
    <message>
        <source>The same task, with outliers and loud rows put in on purpose</source>
        <translation>同样的任务，有意加入了离群值和幅度大的行</translation>
    </message>
</context>
<context>
    <name>qs::ui::WindowLayout</name>
    <message>
        <source>Hide or show the l&amp;eft panels</source>
        <translation>隐藏或显示左侧面板(&amp;E)</translation>
    </message>
    <message>
        <source>Hide or show the left panels</source>
        <translation>隐藏或显示左侧面板</translation>
    </message>
    <message>
        <source>Hide or show the &amp;right panel</source>
        <translation>隐藏或显示右侧面板(&amp;R)</translation>
    </message>
    <message>
        <source>Hide or show the right panel</source>
        <translation>隐藏或显示右侧面板</translation>
    </message>
    <message>
        <source>Restore def&amp;ault layout</source>
        <translation>恢复默认布局(&amp;A)</translation>
    </message>
    <message>
        <source>All panels and columns as on the first day</source>
        <translation>所有面板和列恢复为最初的样子</translation>
    </message>
</context>
</TS>
